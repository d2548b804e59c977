package io.postern.analytics.finding;

import io.postern.analytics.Evidence;
import io.postern.analytics.Evidence.Family;
import io.postern.analytics.Verdict;
import io.postern.analytics.detect.Finding;
import io.postern.analytics.flow.AppKey;
import io.postern.analytics.flow.Protocol;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a {@link FindingBook} keeps, as bytes; big-endian, text in modified UTF-8, names rather than numbers of constants.
 *
 * <pre>
 * finding:     version 2 | the detector's word | origin | number 8 | status | action | baseline | campaign | before
 *              | review 1 … | silence 1 … | times 6 × 8 | steps n 4 … | version 8
 *              | bytes out at the verdict 8
 * suppression: version 2 | device | app | destination | analytic | finding | families n | hard n | severity | conclusion
 *              | by | reason | from 8 | until 8
 * </pre>
 */
public final class FindingBytes {

    private static final int VERSION = 2;

    /** It did not say what had gone out by the verdict. */
    private static final int WITHOUT_VERDICT = 1;

    /** In version 1 nothing said how serious it might be. */
    private static final int SUPPRESSION_VERSION = 2;

    /** More than any list of ours has. */
    private static final int MOST = 1_024;

    private FindingBytes() {}

    private interface Writing {
        void to(DataOutputStream out) throws IOException;
    }

    private interface Reading<T> {
        T from(DataInputStream in) throws IOException;
    }

    public static byte[] write(Kept kept) {
        return bytes(VERSION, out -> {
            finding(out, kept.finding());
            out.writeUTF(kept.origin());
            out.writeLong(kept.number());
            out.writeUTF(kept.status().label());
            out.writeUTF(kept.action().name());
            out.writeUTF(kept.baseline());
            out.writeUTF(kept.campaign());
            out.writeUTF(kept.before());
            out.writeBoolean(kept.review().isPresent());
            if (kept.review().isPresent()) {
                review(out, kept.review().get());
            }
            out.writeBoolean(kept.silence().isPresent());
            if (kept.silence().isPresent()) {
                silence(out, kept.silence().get());
            }
            Kept.Times times = kept.times();
            for (long time : new long[] {
                times.openedMillis(),
                times.toldMillis(),
                times.wordMillis(),
                times.refusedMillis(),
                times.endMillis(),
                times.closedMillis()
            }) {
                out.writeLong(time);
            }
            out.writeInt(kept.story().size());
            for (Step step : kept.story()) {
                out.writeLong(step.atMillis());
                out.writeUTF(step.kind().label());
                out.writeDouble(step.score());
                out.writeUTF(step.by());
                out.writeUTF(step.text());
            }
            out.writeLong(kept.version());
            out.writeLong(kept.bytesOutAtVerdict());
        });
    }

    private static void finding(DataOutputStream out, Finding finding) throws IOException {
        out.writeUTF(finding.uid());
        out.writeUTF(finding.activity().name());
        out.writeUTF(finding.analytic());
        out.writeUTF(finding.key().device());
        out.writeUTF(finding.key().profile());
        out.writeUTF(finding.key().app());
        out.writeUTF(finding.destination());
        out.writeDouble(finding.score());
        out.writeInt(finding.evidence().size());
        for (Evidence one : finding.evidence()) {
            out.writeUTF(one.family().label());
            out.writeUTF(one.feature());
            out.writeDouble(one.value());
            out.writeDouble(one.threshold());
            out.writeInt(one.weight());
            out.writeBoolean(one.supports());
        }
        texts(out, finding.notVisible());
        out.writeLong(finding.atMillis());
        out.writeLong(finding.firstMillis());
        out.writeLong(finding.checkIns());
        out.writeLong(finding.bytesOut());
        out.writeBoolean(finding.mayBlock());
        out.writeUTF(finding.spoken().protocol().label());
        out.writeInt(finding.spoken().port());
    }

    private static void review(DataOutputStream out, Review review) throws IOException {
        out.writeUTF(review.status().label());
        out.writeUTF(review.conclusion().map(Conclusion::label).orElse(""));
        out.writeUTF(review.reason());
        out.writeUTF(review.by());
        out.writeLong(review.atMillis());
    }

    private static void silence(DataOutputStream out, Silence silence) throws IOException {
        out.writeUTF(silence.kind().name());
        out.writeUTF(silence.id());
        out.writeUTF(silence.owner());
        out.writeUTF(silence.reason());
        out.writeLong(silence.untilMillis());
    }

    private static void texts(DataOutputStream out, List<String> texts) throws IOException {
        out.writeInt(texts.size());
        for (String text : texts) {
            out.writeUTF(text);
        }
    }

    public static byte[] write(Suppression suppression) {
        return bytes(SUPPRESSION_VERSION, out -> {
            out.writeUTF(suppression.like().device());
            out.writeUTF(suppression.like().app());
            out.writeUTF(suppression.like().destination());
            out.writeUTF(suppression.like().analytic());
            out.writeUTF(suppression.finding());
            texts(out, suppression.families().stream().map(Family::label).toList());
            texts(out, List.copyOf(suppression.hard()));
            out.writeUTF(suppression.severity().name());
            out.writeUTF(suppression.conclusion().label());
            out.writeUTF(suppression.by());
            out.writeUTF(suppression.reason());
            out.writeLong(suppression.fromMillis());
            out.writeLong(suppression.untilMillis());
        });
    }

    private static byte[] bytes(int version, Writing what) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(1_024);
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeByte(version);
            what.to(out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** @throws IllegalArgumentException if they are no bytes of {@link #write(Kept)} */
    public static Kept kept(byte[] bytes) {
        boolean whole = bytes.length == 0 || bytes[0] != WITHOUT_VERDICT;
        return read(bytes, whole ? VERSION : WITHOUT_VERDICT, in -> {
            Kept kept = withoutVerdict(in);
            if (!whole) {
                return kept;
            }
            Draft draft = new Draft(kept);
            draft.bytesOutAtVerdict = in.readLong();
            return draft.same();
        });
    }

    private static Kept withoutVerdict(DataInputStream in) throws IOException {
        return new Kept(
                finding(in),
                in.readUTF(),
                in.readLong(),
                known(Status.of(in.readUTF())),
                Verdict.Action.valueOf(in.readUTF()),
                in.readUTF(),
                in.readUTF(),
                in.readUTF(),
                in.readBoolean() ? Optional.of(review(in)) : Optional.empty(),
                in.readBoolean() ? Optional.of(silence(in)) : Optional.empty(),
                new Kept.Times(
                        in.readLong(), in.readLong(), in.readLong(), in.readLong(), in.readLong(), in.readLong()),
                story(in),
                in.readLong());
    }

    private static Finding finding(DataInputStream in) throws IOException {
        return new Finding(
                in.readUTF(),
                Finding.Activity.valueOf(in.readUTF()),
                in.readUTF(),
                new AppKey(in.readUTF(), in.readUTF(), in.readUTF()),
                in.readUTF(),
                in.readDouble(),
                evidence(in),
                texts(in),
                in.readLong(),
                in.readLong(),
                in.readLong(),
                in.readLong(),
                in.readBoolean(),
                new Finding.Spoken(protocol(in.readUTF()), in.readInt()));
    }

    private static List<Evidence> evidence(DataInputStream in) throws IOException {
        List<Evidence> all = new ArrayList<>();
        for (int left = count(in); left > 0; left--) {
            all.add(new Evidence(
                    family(in.readUTF()),
                    in.readUTF(),
                    in.readDouble(),
                    in.readDouble(),
                    in.readInt(),
                    in.readBoolean()));
        }
        return all;
    }

    private static Family family(String label) {
        return known(Arrays.stream(Family.values())
                .filter(one -> one.label().equals(label))
                .findFirst());
    }

    private static Protocol protocol(String label) {
        return known(Arrays.stream(Protocol.values())
                .filter(one -> one.label().equals(label))
                .findFirst());
    }

    private static Review review(DataInputStream in) throws IOException {
        return new Review(
                known(Status.of(in.readUTF())), Conclusion.of(in.readUTF()), in.readUTF(), in.readUTF(), in.readLong());
    }

    private static Silence silence(DataInputStream in) throws IOException {
        return new Silence(Silence.Kind.valueOf(in.readUTF()), in.readUTF(), in.readUTF(), in.readUTF(), in.readLong());
    }

    private static List<Step> story(DataInputStream in) throws IOException {
        List<Step> all = new ArrayList<>();
        for (int left = count(in); left > 0; left--) {
            all.add(new Step(
                    in.readLong(), known(Step.Kind.of(in.readUTF())), in.readDouble(), in.readUTF(), in.readUTF()));
        }
        return all;
    }

    private static List<String> texts(DataInputStream in) throws IOException {
        List<String> all = new ArrayList<>();
        for (int left = count(in); left > 0; left--) {
            all.add(in.readUTF());
        }
        return all;
    }

    /** @throws IllegalArgumentException if they are no bytes of {@link #write(Suppression)} */
    public static Suppression suppression(byte[] bytes) {
        return read(
                bytes,
                SUPPRESSION_VERSION,
                in -> new Suppression(
                        new Suppression.Alike(in.readUTF(), in.readUTF(), in.readUTF(), in.readUTF()),
                        in.readUTF(),
                        families(in),
                        new HashSet<>(texts(in)),
                        Finding.Severity.valueOf(in.readUTF()),
                        known(Conclusion.of(in.readUTF())),
                        in.readUTF(),
                        in.readUTF(),
                        in.readLong(),
                        in.readLong()));
    }

    private static Set<Family> families(DataInputStream in) throws IOException {
        Set<Family> all = new HashSet<>();
        for (String label : texts(in)) {
            all.add(family(label));
        }
        return all;
    }

    private static <T> T read(byte[] bytes, int expected, Reading<T> what) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            int version = in.readByte();
            if (version != expected) {
                throw new IllegalArgumentException("it is of version " + version + ", must be " + expected);
            }
            return what.from(in);
        } catch (IOException e) {
            throw new IllegalArgumentException("it is cut short", e);
        }
    }

    private static int count(DataInputStream in) throws IOException {
        int count = in.readInt();
        if (count < 0 || count > MOST) {
            throw new IllegalArgumentException("it has a count of " + count);
        }
        return count;
    }

    private static <T> T known(Optional<T> constant) {
        return constant.orElseThrow(() -> new IllegalArgumentException("it names a constant that there is not"));
    }
}
