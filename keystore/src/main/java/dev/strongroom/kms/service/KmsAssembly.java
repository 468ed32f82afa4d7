// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import dev.strongroom.hsm.Hsm;
import dev.strongroom.hsm.embedded.EmbeddedHsm;
import dev.strongroom.hsm.transport.DomainKeyCarrier;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.Place;
import dev.strongroom.kms.audit.Journal;
import dev.strongroom.kms.audit.JournalSettings;
import dev.strongroom.kms.audit.JournalSettings.Sync;
import dev.strongroom.kms.audit.Notary;
import dev.strongroom.kms.audit.export.LogExport;
import dev.strongroom.kms.backup.KnownAnswers;
import dev.strongroom.kms.cloudhsm.CustomKeyStores;
import dev.strongroom.kms.cloudhsm.DomainKeyCluster;
import dev.strongroom.kms.crypto.RandomBytes;
import dev.strongroom.kms.crypto.SoftwareKeys;
import dev.strongroom.kms.crypto.SystemRandom;
import dev.strongroom.kms.crypto.envelope.frame.FrameWorkers;
import dev.strongroom.kms.custody.Custody;
import dev.strongroom.kms.iam.AccessKeySecrets;
import dev.strongroom.kms.iam.AccessKeyUses;
import dev.strongroom.kms.iam.AccessKeys;
import dev.strongroom.kms.iam.Accounts;
import dev.strongroom.kms.iam.CallerPolicies;
import dev.strongroom.kms.iam.EntityPolicies;
import dev.strongroom.kms.iam.IamDirectory;
import dev.strongroom.kms.iam.Identities;
import dev.strongroom.kms.iam.ManagedPolicies;
import dev.strongroom.kms.iam.RoleSessions;
import dev.strongroom.kms.key.DomainKeyring;
import dev.strongroom.kms.key.backing.BackingKeys;
import dev.strongroom.kms.life.DomainRotation;
import dev.strongroom.kms.life.KeyRotator;
import dev.strongroom.kms.life.KeySweep;
import dev.strongroom.kms.life.MaterialSweep;
import dev.strongroom.kms.life.PassedTime;
import dev.strongroom.kms.material.WrappingKeys;
import dev.strongroom.kms.metrics.CountedHsm;
import dev.strongroom.kms.metrics.CountedTokenKeys;
import dev.strongroom.kms.metrics.Counters;
import dev.strongroom.kms.metrics.JmxRegistration;
import dev.strongroom.kms.storage.JdbcStore;
import dev.strongroom.kms.storage.KeyStorage;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Wires a KMS: read from top to bottom, this is the object diagram. */
final class KmsAssembly {
  // Calls come from this process; looking the host's name up would ask a network.
  private static final String HOST = "127.0.0.1";

  private final KmsConfig config;
  private final Object issuer;
  private final Counters counters;
  private final Resources resources;
  private final Clock clock;
  private final SecureRandom random;

  /** What outlives the parts, as callers and counts do; see {@link EmbeddedKms}. */
  private record Lasting(Object issuer, Counters counters) {}

  private KmsAssembly(KmsConfig config, Clock clock, Lasting lasting, Resources resources) {
    this.config = config;
    this.clock = clock;
    this.issuer = lasting.issuer();
    this.counters = lasting.counters();
    this.resources = resources;
    this.random = config.isSnapshotSafe() ? SystemRandom.direct() : SystemRandom.buffered();
  }

  /**
   * Opens the KMS of these settings; makes it first where that is the default.
   *
   * @throws KmsException.Configuration if it has to be made with {@code init} first
   */
  static EmbeddedKms open(KmsConfig config, Runnable onClose) {
    return open(config, Clock.systemUTC(), onClose);
  }

  /**
   * Opens the KMS of these settings, as {@link #open(KmsConfig, Runnable)}.
   *
   * @param clock by which sessions and grants end, and records have their times
   */
  static EmbeddedKms open(KmsConfig config, Clock clock, Runnable onClose) {
    HomeFolder.prepare(config);
    Lasting lasting = new Lasting(new Object(), new Counters());
    return new EmbeddedKms(config, () -> assemble(config, clock, lasting), onClose);
  }

  private static KmsParts assemble(KmsConfig config, Clock clock, Lasting lasting) {
    Resources resources = new Resources();
    try {
      return new KmsAssembly(config, clock, lasting, resources).assemble();
    } catch (KmsException e) {
      closeQuietly(resources, e);
      throw e;
    }
  }

  /** Opens a KMS of its own that leaves nothing behind when it is closed. */
  static EmbeddedKms openTemporary() {
    Path home = TemporaryHome.create();
    return open(KmsConfig.temporary(home), () -> TemporaryHome.delete(home));
  }

  static void closeQuietly(Resources resources, KmsException cause) {
    try {
      resources.close();
    } catch (KmsException e) {
      cause.addSuppressed(e);
    }
  }

  private KmsParts assemble() {
    DomainKeyCarrier carrier = HsmOpener.open(config);
    Hsm hsm = new CountedHsm(carrier, counters.hsm());
    resources.add(hsm::close);
    JdbcStore store = JdbcStore.open(config.store(), clock);
    resources.add(store::close);
    return wire(carrier, hsm, new Bootstrap(config, hsm, store, random, issuer, clock).open());
  }

  /** What {@link Bootstrap} found or made. */
  record Opened(
      DomainKeyring domain,
      KeyStorage storage,
      AccessKeySecrets secrets,
      Identities identities,
      RoleSessions sessions,
      AccessKeyUses uses,
      Clock clock) {

    AccessKeys accessKeys() {
      return new AccessKeys(storage, secrets, clock);
    }
  }

  private KmsParts wire(DomainKeyCarrier carrier, Hsm hsm, Opened opened) {
    Optional<EmbeddedHsm> embedded =
        Optional.of(carrier).filter(EmbeddedHsm.class::isInstance).map(EmbeddedHsm.class::cast);
    HsmRandom hsmRandom = new HsmRandom(hsm);
    hsmRandom.mixInto(random);
    DomainKeyring domain = opened.domain();
    KeyStorage storage = opened.storage();
    Place place = config.place();

    SoftwareKeys software = new SoftwareKeys(random);
    CustomKeyStores stores =
        new CustomKeyStores(
            storage.customKeyStores(),
            cluster -> new CountedTokenKeys(HsmOpener.openToken(config, cluster), counters.hsm()));
    resources.add(stores::close);
    BackingKeys backingKeys = new BackingKeys(hsm, domain, software, stores, random, clock);
    resources.add(backingKeys::close);
    RandomBytes randomBytes = randomBytes(hsmRandom);
    resources.add(randomBytes::forget);
    Notary notary = new AuditNotary(domain, storage, assurance(hsm), config.witness());
    Journal trail = journal(new AuditStreams(domain, storage), notary);
    KeyRotator rotator = new KeyRotator(backingKeys, storage, trail, clock);
    UseCounts useCounts = new UseCounts(rotator::countUse);
    KeyCache keys =
        new KeyCache(
            storage,
            backingKeys,
            randomBytes,
            place.region(),
            counters.subkeys(),
            clock,
            stores::isConnected,
            useCounts);
    resources.add(keys::clear);
    resources.add(trail::close);
    storage.recordWith(new StoreChanges(trail));
    resources.add(opened.uses()::save);
    CallerPolicies callers = new CallerPolicies(storage);
    GrantTokens tokens = new GrantTokens(domain, keys, clock);
    GrantUses uses = new GrantUses(storage.grants());
    resources.add(uses::close);
    resources.add(useCounts::tellAll);
    ApprovalDesk desk = new ApprovalDesk(storage, clock);
    NamedKeys names = new NamedKeys(keys, tokens);
    CallRecords records = new CallRecords(trail, counters.operations());
    PassedTime time = new PassedTime(storage.deletions(), clock, System::nanoTime);
    CallFacts facts =
        new CallFacts(callers, place.region(), clock, new UnusedDays(trail, keys, time));
    Gate gate = new Gate(opened.identities(), callers, keys, names, uses, facts, records);
    ApprovalGate guarded = new ApprovalGate(gate, desk, records);
    KeyStoreViews views = new KeyStoreViews(gate, keys, storage);
    storage.onChange(new CacheRefresh(callers, keys, stores));
    storage.onChange(views); // which look into both, so these go first
    KeySweep sweep = new KeySweep(storage.deletions(), stores, trail, time, clock);
    MaterialSweep materials = new MaterialSweep(storage, trail, time, clock);
    BackupMaker backups =
        new BackupMaker(
            config,
            embedded,
            domain,
            storage,
            new KnownAnswers(backingKeys, randomBytes),
            trail,
            random,
            clock);
    config.requireBackupSettings();
    BackupSchedule backupSchedule =
        new BackupSchedule(config, backups, domain.record().domainId(), trail, clock);
    Restorations restorations = new Restorations(storage.restorations(), trail, clock);
    restorations.recordAll();
    Runnable sweeping =
        () -> {
          sweep.run();
          materials.run();
          rotator.run();
          useCounts.tellAll();
        };
    sweeping.run();
    DomainRotation rotation = new DomainRotation(domain, backingKeys, storage, trail, clock);
    FrameWorkers workers = FrameWorkers.create();
    resources.add(workers::close);
    Runnable leaving =
        () -> {
          keys.forgetUnavailable();
          stores.closeDisconnected();
        };
    Keeper.Duties duties =
        new Keeper.Duties(
            () -> {
              keys.expireSubkeys();
              leaving.run();
              uses.returnIdle();
              opened.uses().saveIfDue();
            },
            () -> {
              sweeping.run();
              rotation.resumeBehind();
              backupSchedule.runBehind();
            },
            () -> hsmRandom.mixInto(random));
    KmsView view = new KmsView(config.home(), counters, keys, trail);
    JmxRegistration jmx = new JmxRegistration(config.shownName(), view, config.isShownByJmx());
    resources.add(jmx::close);
    resources.add(Keeper.start(duties, Keeper.Periods.DEFAULT, jmx)::close);

    Accounts accounts = new Accounts(storage, opened.accessKeys(), random, clock);
    ManagementGate management = new ManagementGate(gate, accounts);
    PolicyChecks checks = new PolicyChecks(gate);
    DomainKeyCluster cluster = new DomainKeyCluster(carrier, domain, config.minDomainKeyCopies());
    KeyChanges changes = new KeyChanges(storage, desk);
    KeyAdministration keyAdministration =
        new KeyAdministration(gate, guarded, checks, storage, changes);

    KeyCreation creation =
        new KeyCreation(
            gate,
            checks,
            keys,
            storage,
            backingKeys,
            stores,
            cluster,
            place.region(),
            config.allowsImport(),
            clock);
    WrappingKeys wrappingKeys = new WrappingKeys(backingKeys, domain, clock);
    KeyReplication replication =
        new KeyReplication(
            keyAdministration, backingKeys, new Regions(config), place.region(), random);
    Signing signing = new Signing(gate, backingKeys);
    ApprovalAdministration approvals =
        new ApprovalAdministration(gate, guarded, keyAdministration, storage, desk);
    return new KmsParts(
        place,
        assurance(hsm),
        creation,
        new KeyEnsuring(
            gate, guarded, desk, creation, new KeyPlans(checks, clock), storage, changes),
        keyAdministration,
        new KeyDeletions(management, keyAdministration, replication, trail, time, clock),
        new KeyRotations(gate, keyAdministration, replication, rotator, useCounts, clock),
        new KeyImports(gate, keyAdministration, backingKeys, wrappingKeys, materials, time, clock),
        replication,
        new Replicas(
            gate,
            keyAdministration,
            keys,
            checks,
            storage,
            backingKeys,
            wrappingKeys,
            place.region(),
            clock),
        new CustomKeyStoreAdministration(
            gate, stores, storage.customKeyStores(), leaving, HsmOpener.uri(config), random, clock),
        new AliasAdministration(gate, storage, changes, clock),
        new TagAdministration(gate, keyAdministration),
        new GrantAdministration(
            gate, guarded, names, keys, tokens, storage.grants(), desk, random, clock),
        new Encryption(gate, names, backingKeys, random),
        new DataKeys(gate, randomBytes, software),
        new Randomness(gate, hsm, stores),
        signing,
        new PublicKeys(gate),
        new CertificateAdministration(gate, keyAdministration),
        new TrustAdministration(gate, storage, clock),
        new SharedSecrets(gate, backingKeys),
        new IdentityAdministration(opened.identities(), trail),
        approvals,
        new ApprovalRequests(gate, approvals, storage, checks, desk, clock),
        new Approving(gate, guarded, names, signing, storage, desk, clock),
        new AuditReading(
            gate, names, management, accounts, trail, new LogExport(trail, place, clock)),
        new Explanations(
            gate,
            checks,
            callers,
            opened.sessions(),
            accounts,
            desk,
            place.region(),
            clock,
            facts,
            trail),
        iam(gate, opened),
        new EmbeddedSts(gate, new RoleGate(gate, records), callers, opened.sessions()),
        new EmbeddedOrganizations(management, accounts),
        new EmbeddedCloudHsm(
            management,
            guarded,
            desk,
            storage,
            domain,
            rotation,
            cluster,
            new Custody(carrier, random),
            () -> config.wrapPolicy().name()),
        new EmbeddedBackups(config, management, backups, domain, hsm, random, clock),
        backupSchedule,
        restorations,
        views,
        new HealthCheck(config, hsm, cluster, domain, storage, time, trail),
        trail,
        view,
        workers,
        sweeping,
        resources);
  }

  private static Iam iam(Gate gate, Opened opened) {
    KeyStorage storage = opened.storage();
    return new EmbeddedIam(
        gate,
        new IamDirectory(storage, opened.secrets(), opened.clock()),
        new EntityPolicies(storage, opened.clock()),
        new ManagedPolicies(storage, opened.secrets(), opened.clock()),
        opened.accessKeys());
  }

  private RandomBytes randomBytes(HsmRandom hsm) {
    Consumer<byte[]> source = config.drawsFromHsm() ? hsm::fill : random::nextBytes;
    return config.isSnapshotSafe()
        ? RandomBytes.singly(source)
        : RandomBytes.inBlocks(source, System::nanoTime);
  }

  private Journal journal(AuditStreams streams, Notary notary) {
    JournalSettings settings =
        JournalSettings.in(config.audit())
            .withFolders(config.trailFolders())
            .withSync(config.syncsAlways() ? Sync.ALWAYS : Sync.BATCH)
            .withProcess(Map.of("host", HOST, "agent", "strongroom"));
    return new Journal(settings, streams, streams, notary, clock);
  }

  private static Kms.Assurance assurance(Hsm hsm) {
    return hsm.info().isHardware()
        ? Kms.Assurance.IN_PROCESS_HSM_KEYS
        : Kms.Assurance.IN_PROCESS_JVM_KEYS;
  }
}
