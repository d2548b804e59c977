package io.postern.analytics.context;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Something a source tells of a device or an app, as it comes in: checked, not yet believed.
 *
 * @param id of the source's own; the same event told twice has the same
 * @param timeMillis when it happened by the device, Unix time
 * @param app empty for what is told of the device
 * @param source name of the source, as settings have it
 * @param batched whether it comes in batches, so possibly hours late
 */
public record ContextEvent(
        String id,
        long timeMillis,
        String device,
        String profile,
        Optional<App> app,
        Said said,
        String source,
        boolean batched) {

    /** The app a source speaks of, with what it knows of its build. */
    public record App(String name, OptionalLong uid, OptionalLong versionCode) {}

    /** What it says. */
    public sealed interface Said {

        /** What a source must have declared that it reports in order to say this. */
        FactKind kind();
    }

    public record Locked(boolean locked) implements Said {
        @Override
        public FactKind kind() {
            return FactKind.LOCK;
        }
    }

    public record Lifecycle(State state) implements Said {
        /** Android's, by OpenTelemetry's {@code android.app.state}. */
        public enum State {
            CREATED,
            FOREGROUND,
            BACKGROUND
        }

        @Override
        public FactKind kind() {
            return FactKind.APP_STATE;
        }
    }

    public record Interacted() implements Said {
        @Override
        public FactKind kind() {
            return FactKind.INTERACTION;
        }
    }

    public record StartedInBackground(Trigger trigger) implements Said {
        /** What started it. */
        public enum Trigger {
            JOB,
            FOREGROUND_SERVICE,
            BROADCAST,
            PUSH
        }

        @Override
        public FactKind kind() {
            return FactKind.BACKGROUND_START;
        }
    }

    public record UsedResource(Resource resource, Phase phase) implements Said {
        /** What Android protects by a permission, or by asking. */
        public enum Resource {
            CAMERA,
            MICROPHONE,
            LOCATION,
            CONTACTS,
            SMS,
            CALL_LOG,
            CLIPBOARD,
            MEDIA,
            ACCESSIBILITY
        }

        /** A use has a start and a stop, or is told once. */
        public enum Phase {
            START,
            STOP,
            USE
        }

        @Override
        public FactKind kind() {
            return FactKind.PROTECTED_RESOURCE;
        }
    }

    /** @param algorithm as the source writes it, capped; empty if not said */
    public record UsedCrypto(Operation operation, String algorithm, OptionalLong bytes) implements Said {
        /** On data, or on a key. */
        public enum Operation {
            ENCRYPT,
            DECRYPT,
            KEYGEN,
            IMPORT,
            DESTROY;

            /** Whether data was worked on; Android itself reports only the life of keys. */
            public boolean onData() {
                return this == ENCRYPT || this == DECRYPT;
            }
        }

        @Override
        public FactKind kind() {
            return FactKind.CRYPTO;
        }
    }

    /** @param entropy bits per byte, 0 to 8 */
    public record Staged(long bytes, OptionalDouble entropy, Location location) implements Said {
        /** Where. */
        public enum Location {
            PRIVATE,
            SHARED
        }

        @Override
        public FactKind kind() {
            return FactKind.STAGING;
        }
    }

    /**
     * An app of the device's inventory.
     *
     * @param approved empty if not said
     * @param installer package that installed it; empty if not said
     * @param signer SHA-256 of the signing certificate as lower-case hex; empty if not said
     */
    public record Installed(
            boolean managed,
            Optional<Boolean> approved,
            String versionName,
            String installer,
            String signer,
            OptionalLong firstInstallMillis,
            OptionalLong lastUpdateMillis,
            Set<String> sharedWith)
            implements Said {
        public Installed {
            sharedWith = Set.copyOf(sharedWith);
        }

        @Override
        public FactKind kind() {
            return FactKind.INVENTORY;
        }
    }

    public record Removed() implements Said {
        @Override
        public FactKind kind() {
            return FactKind.INVENTORY;
        }
    }

    /** @param securityPatch as the device writes it; empty if not said */
    public record Health(Truth compliant, Risk risk, String securityPatch) implements Said {
        /** What management makes of it. */
        public enum Risk {
            SECURE,
            AT_RISK,
            COMPROMISED,
            UNKNOWN
        }

        @Override
        public FactKind kind() {
            return FactKind.POSTURE;
        }
    }

    /** @param packages of the UID that has it, one at least */
    public record Owns(boolean udp, int localPort, String remoteAddress, int remotePort, List<String> packages)
            implements Said {
        public Owns {
            packages = List.copyOf(packages);
        }

        @Override
        public FactKind kind() {
            return FactKind.FLOW_OWNER;
        }
    }

    /** The source is alive for this device, and would tell what it reports. */
    public record Heartbeat(Set<FactKind> reports) implements Said {
        public Heartbeat {
            reports = Set.copyOf(reports);
        }

        @Override
        public FactKind kind() {
            throw new IllegalStateException("a heartbeat is no fact");
        }
    }
}
