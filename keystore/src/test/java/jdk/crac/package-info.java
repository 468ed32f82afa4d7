// SPDX-License-Identifier: Apache-2.0
/** The few names of {@code jdk.crac} that are called, for JDKs without that package. */
package jdk.crac;
