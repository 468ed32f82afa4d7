// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.conformance.databases;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A network before a server that breaks at the worst moment: when the next transaction that writes
 * is committed.
 */
final class CommitThief implements AutoCloseable {
  /** What happens to the next COMMIT. */
  enum Plan {
    PASS,
    /** It does not arrive. */
    LOSE_COMMIT,
    /** It arrives, and the answer does not. */
    LOSE_ANSWER
  }

  private static final int BYTES = 65_536;
  private static final long COMMITTED_MILLIS = 300;

  private final ServerSocket listening;
  private final int target;
  private final AtomicReference<Plan> plan = new AtomicReference<>(Plan.PASS);

  CommitThief(int target) throws IOException {
    this.target = target;
    this.listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    daemon(this::accept);
  }

  int port() {
    return listening.getLocalPort();
  }

  void plan(Plan next) {
    plan.set(next);
  }

  /** Returns whether the plan was carried out. */
  boolean isDone() {
    return plan.get() == Plan.PASS;
  }

  private void accept() {
    try {
      while (true) {
        Socket client = listening.accept();
        Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
        daemon(() -> answers(server, client));
        daemon(() -> questions(client, server));
      }
    } catch (IOException e) {
      // closed
    }
  }

  private static void daemon(Runnable work) {
    Thread thread = new Thread(work, "commit-thief");
    thread.setDaemon(true);
    thread.start();
  }

  private static void answers(Socket server, Socket client) {
    try (server;
        client) {
      server.getInputStream().transferTo(client.getOutputStream());
    } catch (IOException e) {
      // one of the two is gone
    }
  }

  private void questions(Socket client, Socket server) {
    byte[] buffer = new byte[BYTES];
    boolean writes = false;
    try (server;
        client) {
      InputStream in = client.getInputStream();
      OutputStream out = server.getOutputStream();
      for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
        String text = new String(buffer, 0, length, StandardCharsets.ISO_8859_1);
        writes |= text.contains("pg_advisory_xact_lock");
        if (writes && text.contains("COMMIT")) {
          writes = false;
          Plan now = plan.getAndSet(Plan.PASS);
          if (now == Plan.LOSE_COMMIT) {
            return;
          }
          if (now == Plan.LOSE_ANSWER) {
            client.shutdownInput();
            client.close();
            out.write(buffer, 0, length);
            Thread.sleep(COMMITTED_MILLIS);
            return;
          }
        }
        out.write(buffer, 0, length);
      }
    } catch (IOException e) {
      // one of the two is gone
    } catch (InterruptedException e) {
      throw new AssertionError("Nobody interrupts this", e);
    }
  }

  @Override
  public void close() throws IOException {
    listening.close();
  }
}
