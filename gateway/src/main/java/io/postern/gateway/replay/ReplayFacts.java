package io.postern.gateway.replay;

import io.postern.analytics.context.ContextEvent;
import io.postern.analytics.context.ContextLimits;
import io.postern.analytics.context.DeviceContext;
import io.postern.analytics.context.Truth;
import io.postern.analytics.flow.AppTag;
import io.postern.config.policy.Facts.Posture;
import io.postern.gateway.input.Faults;
import io.postern.gateway.rules.FactAnswers;
import io.postern.gateway.rules.FactSource;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What rules may ask of devices and apps when a flow of the past is judged: the facts of a file, those by when the flow began.
 * Detection is told of the same facts later, when lines are in order, so policy reads the file by itself; only when it is
 * asked first, and only if a rule asks. Remembers {@value #MOST} devices, those told of lately.
 */
final class ReplayFacts implements FactSource, Closeable {

    static final int MOST = 50_000;

    private final Optional<Path> file;
    private final Consumer<String> wrong;
    private final Map<String, DeviceContext> devices = new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, DeviceContext> eldest) {
            return size() > MOST;
        }
    };

    private @Nullable FactFile facts;
    private boolean opened;

    /**
     * @param file empty where no rule asks, or nobody tells
     * @param wrong told that it cannot be read twice; what is wrong in it is told by whoever reads it first
     */
    ReplayFacts(Optional<Path> file, Consumer<String> wrong) {
        this.file = file;
        this.wrong = wrong;
    }

    /** The same, with what was told by this time. */
    ReplayFacts by(long atMillis) {
        if (!opened) {
            opened = true;
            facts = file.map(this::open).orElse(null);
        }
        FactFile told = facts;
        if (told != null) {
            for (ContextEvent next = told.until(atMillis); next != null; next = told.until(atMillis)) {
                devices.computeIfAbsent(next.device(), unused -> new DeviceContext(ContextLimits.DEFAULTS))
                        .tell(next);
            }
        }
        return this;
    }

    private @Nullable FactFile open(Path path) {
        if (!Files.isRegularFile(path)) {
            wrong.accept("is no file that can be read twice: to rules all facts are unknown");
            return null;
        }
        try {
            return FactFile.open(path, new Faults(told -> {}));
        } catch (IOException e) {
            // Whoever reads it for detection has told.
            return null;
        }
    }

    @Override
    public Truth truth(Kind kind, AppTag tag, long atMillis) {
        return FactAnswers.asked(kind, tag)
                ? of(tag, device -> FactAnswers.truth(device, kind, tag, atMillis), Truth.UNKNOWN)
                : Truth.UNKNOWN;
    }

    @Override
    public Truth untouched(AppTag tag, Duration atLeast, long atMillis) {
        return of(tag, device -> FactAnswers.untouched(device, atLeast, atMillis), Truth.UNKNOWN);
    }

    @Override
    public Set<Posture> posture(AppTag tag, long atMillis) {
        return of(tag, device -> FactAnswers.posture(device, atMillis), FactAnswers.NO_POSTURE);
    }

    private <T> T of(AppTag tag, Function<DeviceContext, T> question, T unknown) {
        @Nullable DeviceContext device = tag.attributed() ? devices.get(tag.device()) : null;
        return device == null ? unknown : question.apply(device);
    }

    @Override
    public void close() throws IOException {
        FactFile told = facts;
        if (told != null) {
            told.close();
        }
    }
}
