// SPDX-License-Identifier: Apache-2.0
/**
 * What goes wrong around a KMS: processes that are killed, HSMs and stores that are not there,
 * disks that are full. Seen from the command line, start at {@code Home}; from JCA, at {@code
 * OutageTest}.
 */
@NullMarked
package dev.strongroom.conformance.faults;

import org.jspecify.annotations.NullMarked;
