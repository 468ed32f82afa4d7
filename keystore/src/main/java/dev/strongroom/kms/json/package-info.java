// SPDX-License-Identifier: Apache-2.0
/**
 * JSON texts as plain Java values, and back: policies, settings of commands, output of the command
 * line.
 *
 * <p>Start at {@link dev.strongroom.kms.json.Json}. Where a message has to say in which line
 * something is wrong, {@link dev.strongroom.kms.json.JsonNode} keeps positions. Nothing here knows
 * what a text means, and nothing of the parser underneath shows.
 *
 * <p>Depends on nothing of ours and does no I/O. All types are immutable.
 */
@NullMarked
package dev.strongroom.kms.json;

import org.jspecify.annotations.NullMarked;
