// SPDX-License-Identifier: Apache-2.0
/**
 * Signed documents and programs: PDF files by PDFBox, which {@code pdfsig} of poppler verifies, and
 * Windows programs by jsign, which {@code osslsigncode} verifies.
 */
@NullMarked
package dev.strongroom.conformance.documents;

import org.jspecify.annotations.NullMarked;
