// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.metrics;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.management.ManagementFactory;
import javax.management.InstanceAlreadyExistsException;
import javax.management.InstanceNotFoundException;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.jspecify.annotations.Nullable;

/**
 * The entry of a KMS in the JVM's MBean server. {@link #open} and {@link #close} may come in either
 * order and more than once: after {@code close} nothing is registered any more. Thread-safe.
 *
 * <p>The MBean server holds what is registered for as long as the JVM lives, so the bean must not
 * hold the KMS.
 */
public final class JmxRegistration implements AutoCloseable {
  private static final Logger LOG = System.getLogger(JmxRegistration.class.getName());

  private final String name;
  private final KmsMXBean bean;
  private final boolean isWanted;
  private @Nullable String registered;
  private boolean closed;

  /**
   * Makes a registration; {@link #open} does it.
   *
   * @param name of the provider, as {@code Strongroom-web}
   * @param isWanted if not, {@link #open} does nothing
   */
  public JmxRegistration(String name, KmsMXBean bean, boolean isWanted) {
    this.name = name;
    this.bean = bean;
    this.isWanted = isWanted && JdkModules.canUse("java.management");
  }

  /**
   * Registers. Where the process has no MBean server yet this makes it, which takes some 300 ms: it
   * is not for the thread of a caller. What goes wrong is logged.
   */
  public synchronized void open() {
    if (isWanted && !closed && registered == null) {
      registered = Platform.register(name, bean);
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    if (registered != null) {
      Platform.unregister(registered);
      registered = null;
    }
  }

  /**
   * A class of its own, so that JMX is loaded only when it is there and wanted. The MBean server
   * may be the container's and throw anything, which must not end the thread that wipes subkeys.
   */
  private static final class Platform {

    static @Nullable String register(String name, KmsMXBean bean) {
      try {
        MBeanServer server = ManagementFactory.getPlatformMBeanServer();
        int instance = 1;
        while (true) {
          ObjectName free = objectName(name, instance++);
          try {
            server.registerMBean(bean, free);
            return free.getCanonicalName();
          } catch (InstanceAlreadyExistsException e) {
            LOG.log(Level.DEBUG, "There is a KMS {0} already", free);
          }
        }
      } catch (JMException | RuntimeException e) {
        LOG.log(Level.WARNING, "The KMS " + name + " is not shown by JMX", e);
        return null;
      }
    }

    private static ObjectName objectName(String name, int instance) throws JMException {
      String shown = name.matches("[\\w.-]+") ? name : ObjectName.quote(name);
      String behind = instance == 1 ? "" : ",instance=" + instance;
      return new ObjectName("dev.strongroom:type=Kms,name=" + shown + behind);
    }

    static void unregister(String registered) {
      try {
        ManagementFactory.getPlatformMBeanServer().unregisterMBean(new ObjectName(registered));
      } catch (InstanceNotFoundException e) {
        LOG.log(Level.DEBUG, "Somebody else has unregistered {0}", registered);
      } catch (JMException | RuntimeException e) {
        LOG.log(Level.WARNING, "The KMS " + registered + " is still shown by JMX", e);
      }
    }
  }
}
