// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import dev.strongroom.kms.KeyRef;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.approval.ApprovalProposal;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What DeleteImportedKeyMaterial is given.
 *
 * @param keyMaterialId 64 hexadecimal digits; empty for the current material
 * @param undoWindowInDays how long it can be restored, 1 to 30; 0 to have it destroyed at once, as
 *     in AWS
 */
public record DeleteImportedKeyMaterialRequest(
    KeyRef key, Optional<String> keyMaterialId, int undoWindowInDays) {
  private static final int MAX_DAYS = 30;
  private static final String UNDO_WINDOW = "undoWindowInDays";

  /**
   * @throws KmsException.Validation if the number of days is out of its range
   */
  public DeleteImportedKeyMaterialRequest {
    if (undoWindowInDays < 0 || undoWindowInDays > MAX_DAYS) {
      throw new KmsException.Validation(
          "An undo window has 1 to 30 days, or 0 for none, and not " + undoWindowInDays + ".");
    }
  }

  /** To destroy the current material at once. */
  public static DeleteImportedKeyMaterialRequest of(KeyRef key) {
    return new DeleteImportedKeyMaterialRequest(key, Optional.empty(), 0);
  }

  public DeleteImportedKeyMaterialRequest withKeyMaterialId(String id) {
    return new DeleteImportedKeyMaterialRequest(key, Optional.of(id), undoWindowInDays);
  }

  public DeleteImportedKeyMaterialRequest withUndoWindow(int days) {
    return new DeleteImportedKeyMaterialRequest(key, keyMaterialId, days);
  }

  /** Returns the same as what somebody can ask approvals for. */
  public ApprovalProposal proposal() {
    return ApprovalProposal.of("DeleteImportedKeyMaterial", parameters());
  }

  Map<String, String> parameters() {
    Map<String, String> parameters = new TreeMap<>();
    keyMaterialId.ifPresent(id -> parameters.put(KeyImports.KEY_MATERIAL_ID, id));
    if (undoWindowInDays > 0) {
      parameters.put(UNDO_WINDOW, String.valueOf(undoWindowInDays));
    }
    return parameters;
  }
}
