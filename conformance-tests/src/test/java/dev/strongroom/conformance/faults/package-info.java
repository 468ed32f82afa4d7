// SPDX-License-Identifier: Apache-2.0
/**
 * What goes wrong around a KMS, seen from the command line: processes that are killed, HSMs that
 * are not there, disks that are full. Start at {@code Home}.
 */
@NullMarked
package dev.strongroom.conformance.faults;

import org.jspecify.annotations.NullMarked;
