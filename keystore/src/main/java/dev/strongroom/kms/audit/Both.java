// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.audit;

/** Shows a stream to two visitors in one walk. */
record Both(StreamWalk.Visitor first, StreamWalk.Visitor second) implements StreamWalk.Visitor {

  @Override
  public void file(int index, String name) {
    first.file(index, name);
    second.file(index, name);
  }

  @Override
  public void frame(FileScan scan, long records) throws FrameReader.Malformed {
    first.frame(scan, records);
    second.frame(scan, records);
  }

  @Override
  public void damage(long offset, long records) {
    first.damage(offset, records);
    second.damage(offset, records);
  }

  @Override
  public void unknown(long offset, long records) {
    first.unknown(offset, records);
    second.unknown(offset, records);
  }

  @Override
  public void end(long offset, long records, long tornBytes) {
    first.end(offset, records, tornBytes);
    second.end(offset, records, tornBytes);
  }
}
