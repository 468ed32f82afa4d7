// SPDX-License-Identifier: Apache-2.0
/**
 * What can be seen of a running KMS: counts of calls and of what they took, by JMX and by the JDK's
 * flight recorder.
 *
 * <p>Start at {@link dev.strongroom.kms.metrics.KmsMXBean}, which lists what there is; {@link
 * dev.strongroom.kms.metrics.Counters} is where it is counted.
 *
 * <p>Nothing here knows a plaintext, a ciphertext, an encryption context or a secret, so that
 * nothing can show one. {@code jdk.jfr} and {@code java.management} may be missing in a run-time
 * image, and are loaded when they are needed only: each costs more than opening a KMS.
 */
@NullMarked
package dev.strongroom.kms.metrics;

import org.jspecify.annotations.NullMarked;
