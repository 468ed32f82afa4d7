// SPDX-License-Identifier: Apache-2.0
/**
 * The command line: AWS CLI's services, commands, options and JSON over {@code Kms}, and commands
 * of our own for setting up, looking after and encrypting files.
 *
 * <p>Start at {@link dev.strongroom.cli.Main}; {@code Catalog} lists the commands, each a {@code
 * Command}: its words, its parameters and a function of a {@code Call}. What an option's text means
 * is decided in {@code Call} and {@code Blobs}; what an answer looks like in {@code Shapes} and the
 * writers; what a failure looks like in {@code Failures}.
 *
 * <p>Nothing here decides who may do what, or does cryptography. May import {@code jca}, {@code
 * keystore}, {@code kms.service}, {@code acm}, {@code kms.json}, and the values in the front door's
 * signatures: {@code kms.audit}'s records and sums, {@code kms.crypto.envelope}'s options and
 * keyrings. Must not import what lies behind it.
 */
@NullMarked
package dev.strongroom.cli;

import org.jspecify.annotations.NullMarked;
