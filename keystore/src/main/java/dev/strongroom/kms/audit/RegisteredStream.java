// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.audit;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * What the {@link StreamRegister} knows of a stream.
 *
 * @param end how it was closed; empty while its process runs, and if that was killed
 */
public record RegisteredStream(UUID stream, Instant opened, Optional<StreamEnd> end) {}
