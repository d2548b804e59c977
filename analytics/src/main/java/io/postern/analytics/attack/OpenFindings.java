package io.postern.analytics.attack;

import io.postern.analytics.detect.Finding;
import io.postern.analytics.detect.Finding.Activity;
import io.postern.analytics.detect.Finding.Severity;
import io.postern.analytics.flow.AppKey;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The life of findings: one is created when a score reaches medium, updated when its severity changes or its score moves by
 * {@value #MOVED}, when a late fact changed it and else once a day while it goes on, and closed when the score falls below
 * {@value #OVER}, or nothing came for two weeks that it could rest on. What is told again while it stands is nothing new. Bounded:
 * where there is no room, what may not block goes before what may, and of those the lowest score.
 */
final class OpenFindings {

    static final int OVER = 25;
    static final int MOVED = 10;
    /** Of one device, so that it cannot close the findings of others. */
    static final int MOST_OF_DEVICE = 256;

    private static final long SILENT = Duration.ofDays(14).toMillis();
    private static final long AGAIN = Duration.ofDays(1).toMillis();

    private record Case(String analytic, AppKey key, String destination) {}

    private static final class Open {
        final String uid;
        final long firstMillis;
        Finding last;
        long toldMillis;
        long seenMillis;

        Open(String uid, long firstMillis, Finding last) {
            this.uid = uid;
            this.firstMillis = firstMillis;
            this.last = last;
        }
    }

    private final int most;
    private final LinkedHashMap<Case, Open> open = new LinkedHashMap<>(64, 0.75f, true);
    private final Map<String, Map<Case, Open>> byDevice = new HashMap<>();
    private long pushedOut;

    OpenFindings(int most) {
        this.most = most;
    }

    /** What stands of a device stands no more, and nobody is told. */
    void forget(String device) {
        byDevice.getOrDefault(device, Map.of()).keySet().forEach(open::remove);
        byDevice.remove(device);
    }

    boolean has(String analytic, AppKey key, String destination) {
        return !open.isEmpty() && open.containsKey(new Case(analytic, key, destination));
    }

    /** The analytic has come to this; its activity and uid are given here. */
    void judged(Finding now, boolean late, Consumer<Finding> told) {
        Case which = new Case(now.analytic(), now.key(), now.destination());
        @Nullable Open known = open.get(which);
        if (known == null) {
            if (now.score() >= Severity.MEDIUM.from()) {
                create(which, now, told);
            }
            return;
        }
        if (now.score() == 0 && now.evidence().isEmpty() && !late) {
            // What it rests on is past, and nothing speaks against it: as good as silence.
            return;
        }
        known.seenMillis = Math.max(known.seenMillis, now.atMillis());
        if (late && now.score() < OVER) {
            if (!now.evidence().isEmpty()) {
                // Of a time that is past, without the flow: it takes back what it can, and does not say that it is
                // over.
                Finding least = now.but().score(OVER).finding();
                tell(known, blocking(least, known.last.mayBlock()), Activity.UPDATE, told);
            }
            return;
        }
        if (now.score() < OVER) {
            open.remove(which);
            left(which);
            told.accept(of(known, now, Activity.CLOSE));
            return;
        }
        boolean moved = Math.abs(now.score() - known.last.score()) >= MOVED
                || now.severity() != known.last.severity()
                || (!late && now.mayBlock() != known.last.mayBlock());
        if (moved || late || now.atMillis() - known.toldMillis >= AGAIN) {
            tell(known, late ? blocking(now, known.last.mayBlock()) : now, Activity.UPDATE, told);
        }
    }

    /** A late fact lets nothing block, and takes it back where it leaves less than that takes. */
    private static Finding blocking(Finding now, boolean mayBlock) {
        boolean still = mayBlock && now.severity().compareTo(Severity.HIGH) >= 0;
        return now.but().mayBlock(still).finding();
    }

    private void create(Case which, Finding now, Consumer<Finding> told) {
        Map<Case, Open> ofDevice = byDevice.getOrDefault(which.key.device(), Map.of());
        boolean deviceFull = ofDevice.size() >= MOST_OF_DEVICE;
        if (deviceFull || open.size() >= most) {
            Map.Entry<Case, Open> least = least(deviceFull ? ofDevice : open);
            if (least.getValue().last.mayBlock() && !now.mayBlock()) {
                pushedOut++;
                return;
            }
            pushOut(least.getKey(), told);
        }
        Open made = new Open(uid(which, now.atMillis()), now.firstMillis(), now);
        made.seenMillis = now.atMillis();
        put(which, made);
        tell(made, now, Activity.CREATE, told);
    }

    /**
     * Of the first {@value #MOST_OF_DEVICE}, which are those that nothing was heard of for longest: one that may not block before one
     * that may, then that of the lowest score, then the first.
     */
    private static Map.Entry<Case, Open> least(Map<Case, Open> some) {
        return some.entrySet().stream()
                .limit(MOST_OF_DEVICE)
                .min(Comparator.comparing((Map.Entry<Case, Open> each) ->
                                each.getValue().last.mayBlock())
                        .thenComparingDouble(each -> each.getValue().last.score()))
                .orElseThrow();
    }

    private void pushOut(Case which, Consumer<Finding> told) {
        @Nullable Open gone = open.remove(which);
        left(which);
        pushedOut++;
        if (gone != null) {
            told.accept(of(gone, gone.last, Activity.CLOSE));
        }
    }

    private void put(Case which, Open made) {
        open.put(which, made);
        byDevice.computeIfAbsent(which.key.device(), device -> new LinkedHashMap<>())
                .put(which, made);
    }

    private void left(Case which) {
        Map<Case, Open> others = byDevice.getOrDefault(which.key.device(), new HashMap<>());
        others.remove(which);
        if (others.isEmpty()) {
            byDevice.remove(which.key.device());
        }
    }

    private static void tell(Open known, Finding now, Activity activity, Consumer<Finding> told) {
        known.last = now;
        known.toldMillis = now.atMillis();
        told.accept(of(known, now, activity));
    }

    private static Finding of(Open known, Finding now, Activity activity) {
        return now.but()
                .uid(known.uid)
                .activity(activity)
                .since(known.firstMillis)
                .finding();
    }

    /** The same of the same input: who reads an input twice makes no second finding. */
    private static String uid(Case which, long atMillis) {
        String name = which.analytic
                + '\n'
                + which.key.device()
                + '\n'
                + which.key.profile()
                + '\n'
                + which.key.app()
                + '\n'
                + which.destination
                + '\n'
                + atMillis;
        return UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8)).toString();
    }

    /** What was refused here is no check-in, but whoever goes on trying keeps what is open. */
    void stillTried(AppKey key, String destination, long atMillis, Iterable<Analytic> analytics) {
        for (Analytic each : analytics) {
            @Nullable Open known = open.get(new Case(each.id(), key, destination));
            if (known != null) {
                known.seenMillis = atMillis;
            }
        }
    }

    /** Closes what has been silent for long. */
    void reached(long atMillis, Consumer<Finding> told) {
        for (Iterator<Map.Entry<Case, Open>> each = open.entrySet().iterator(); each.hasNext(); ) {
            Map.Entry<Case, Open> next = each.next();
            Open known = next.getValue();
            if (atMillis - known.seenMillis > SILENT) {
                left(next.getKey());
                each.remove();
                told.accept(of(known, known.last, Activity.CLOSE));
            }
        }
    }

    /** Those of a device, without their evidence: that is weighed anew. */
    void writeTo(String device, DataOutput out) throws IOException {
        Map<Case, Open> all = byDevice.getOrDefault(device, Map.of());
        out.writeInt(all.size());
        for (Map.Entry<Case, Open> each : all.entrySet()) {
            Case which = each.getKey();
            Open known = each.getValue();
            out.writeUTF(which.analytic);
            out.writeUTF(which.key.profile());
            out.writeUTF(which.key.app());
            out.writeUTF(which.destination);
            out.writeUTF(known.uid);
            out.writeLong(known.firstMillis);
            out.writeLong(known.toldMillis);
            out.writeLong(known.seenMillis);
            out.writeDouble(known.last.score());
            out.writeBoolean(known.last.mayBlock());
            out.writeLong(known.last.checkIns());
            out.writeLong(known.last.bytesOut());
        }
    }

    /** @throws IOException also of what was not written by {@link #writeTo}; then nothing has changed */
    void readFrom(String device, DataInput in) throws IOException {
        Map<Case, Open> read = new LinkedHashMap<>();
        for (int left = in.readInt(); left > 0; left--) {
            String analytic = in.readUTF();
            Case which = new Case(analytic, new AppKey(device, in.readUTF(), in.readUTF()), in.readUTF());
            String uid = in.readUTF();
            long first = in.readLong();
            long told = in.readLong();
            long seen = in.readLong();
            double score = in.readDouble();
            boolean mayBlock = in.readBoolean();
            if (!(score >= 0 && score <= 100)) {
                throw new IOException("a score beyond its bounds");
            }
            Open made = new Open(
                    uid,
                    first,
                    Finding.of(analytic, which.key, which.destination)
                            .uid(uid)
                            .activity(Activity.UPDATE)
                            .score(score)
                            .at(told)
                            .since(first)
                            .mayBlock(mayBlock)
                            .seen(in.readLong(), in.readLong())
                            .finding());
            made.toldMillis = told;
            made.seenMillis = seen;
            read.put(which, made);
        }
        read.forEach((which, made) -> {
            if (open.size() < most) {
                put(which, made);
            }
        });
    }

    int size() {
        return open.size();
    }

    /** Closed only for want of room. */
    long pushedOut() {
        return pushedOut;
    }
}
