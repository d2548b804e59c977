package io.postern.analytics.baseline;

import java.util.regex.Pattern;

/**
 * What another gateway has learnt, before it is taken in: who has seen what counts, what was decided there does not. What
 * speaks against a destination there does so here for a while, without the names of findings and rules that are not ours.
 */
final class Foreign {

    private static final long DAY_MILLIS = 86_400_000;

    /** Of a protocol, as {@link Profile#port} asks for it. */
    private static final Pattern PORT = Pattern.compile("[a-z0-9-]{1,32}:[0-9]{1,5}");

    private static final int LONGEST_SIGNER = 255;

    private Foreign() {}

    /**
     * @param longest a text may be
     * @throws IllegalArgumentException if it is not what a gateway writes, or of a time to come, which would have what was
     *     learnt here seem old
     */
    static Learnt read(byte[] bytes, int longest, long nowMillis) {
        Learnt told = read(bytes);
        if (told.overrun()) {
            throw new IllegalArgumentException("more speaks against it than is kept, nothing of it is proposed there");
        }
        long latest = nowMillis + DAY_MILLIS;
        check(told.days(), latest);
        Learnt taken = new Learnt();
        taken.addSeen(told.devices(), told.days());
        for (Release release : told.releases()) {
            check(release.build.signer(), LONGEST_SIGNER);
            check(release.firstMillis, release.lastMillis, latest);
            // What it was found to have brought is found here, of devices of both: a conclusion, which would excuse
            // what nobody does.
            taken.add(new Release(release.build, release.firstMillis, release.lastMillis, release.devices));
        }
        for (Entry entry : told.entries()) {
            check(entry, longest, latest);
            entry.decision = null;
            // What speaks against it is told below.
            entry.tainted = false;
            taken.put(entry);
        }
        told.tainted().forEach((destination, taint) -> {
            check(destination, longest);
            taken.taint(destination, Taint.of(Cause.EVIDENCE, Math.min(nowMillis, taint.firstMillis())));
            taint.causes().values().stream()
                    .mapToLong(last -> Math.min(nowMillis, last))
                    .forEach(last -> taken.taint(destination, Taint.of(Cause.EVIDENCE, last)));
        });
        return taken;
    }

    private static Learnt read(byte[] bytes) {
        try {
            return BaselineBytes.read(bytes);
        } catch (IndexOutOfBoundsException e) {
            throw new IllegalArgumentException("baseline names a decision that there is not", e);
        }
    }

    private static void check(Entry entry, int longest, long latest) {
        check(entry.key.text(), longest);
        if (entry.key.text().isEmpty()
                || (entry.key.trait() == Trait.PORT
                        && !PORT.matcher(entry.key.text()).matches())) {
            throw new IllegalArgumentException("baseline has an entry that is none");
        }
        if (entry.flows < 1) {
            throw new IllegalArgumentException("baseline has an entry that nobody has seen");
        }
        check(entry.firstMillis, entry.lastMillis, latest);
        check(entry.days, latest);
    }

    private static void check(String text, int longest) {
        if (text.length() > longest || text.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException("baseline has a text that is too long, or not one line");
        }
    }

    private static void check(long firstMillis, long lastMillis, long latest) {
        if (firstMillis < 0 || firstMillis > lastMillis || lastMillis > latest) {
            throw new IllegalArgumentException("baseline is of a time to come");
        }
    }

    private static void check(Days days, long latest) {
        if (days.last() < 0 || days.last() > Days.of(latest)) {
            throw new IllegalArgumentException("baseline is of a time to come");
        }
    }
}
