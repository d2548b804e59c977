package io.postern.dns.names;

import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BinaryOperator;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Domain patterns to values, asked once per flow: which patterns hold for this name, and what do they say?
 *
 * <p>A hash table over suffixes, read from the last label to the first. The hash of a suffix grows by one character at
 * a time from the right, so a lookup touches each character of the name once, probes once per label, and allocates
 * nothing. Suffixes stand in one array of bytes.
 *
 * <pre>
 * mail.acme.example     probes: example | acme.example | mail.acme.example
 * </pre>
 *
 * <p>Memory per suffix: its characters + 28 to 40 bytes (hash, offset, two values, and 2 to 5 slots of 4 bytes each),
 * the values themselves apart. Names longer than {@value DomainPattern#MAX_NAME} characters match nothing. Case is
 * folded for ASCII only; one trailing dot is ignored. Immutable, for any number of threads.
 */
public final class DomainTable<V> {

    private final byte[] letters;
    private final int[] offsets;
    private final int[] hashes;
    private final @Nullable Object[] exact;
    private final @Nullable Object[] below;
    /** Entry + 1, 0 when free; a power of two, at most half full, so a probe always ends. */
    private final int[] slots;

    private DomainTable(Map<String, Values<V>> suffixes) {
        int size = suffixes.size();
        offsets = new int[size + 1];
        hashes = new int[size];
        exact = new @Nullable Object[size];
        below = new @Nullable Object[size];
        slots = new int[Integer.highestOneBit(Math.max(1, size)) * 4];
        letters = new byte[suffixes.keySet().stream().mapToInt(String::length).sum()];
        fill(suffixes);
    }

    private void fill(Map<String, Values<V>> suffixes) {
        int entry = 0;
        for (Iterator<Map.Entry<String, Values<V>>> all = suffixes.entrySet().iterator(); all.hasNext(); entry++) {
            Map.Entry<String, Values<V>> next = all.next();
            byte[] suffix = next.getKey().getBytes(StandardCharsets.US_ASCII);
            System.arraycopy(suffix, 0, letters, offsets[entry], suffix.length);
            offsets[entry + 1] = offsets[entry] + suffix.length;
            exact[entry] = next.getValue().exact;
            below[entry] = next.getValue().below;
            int hash = 0;
            for (int i = suffix.length - 1; i >= 0; i--) {
                hash = grow(hash, suffix[i]);
            }
            hashes[entry] = hash;
            int slot = spread(hash) & (slots.length - 1);
            while (slots[slot] != 0) {
                slot = (slot + 1) & (slots.length - 1);
            }
            slots[slot] = entry + 1;
        }
    }

    /** The value of the most specific pattern that holds, null when none does. An exact name beats any suffix. */
    public @Nullable V find(CharSequence name) {
        @Nullable V found = null;
        int end = end(name);
        int hash = 0;
        for (int start = end - 1; start >= 0; start--) {
            hash = grow(hash, fold(name.charAt(start)));
            if (start == 0 || name.charAt(start - 1) == '.') {
                @Nullable V here = value(entry(name, start, end, hash), start == 0);
                found = here == null ? found : here;
            }
        }
        return found;
    }

    /** Hands over the value of every pattern that holds, the least specific first. */
    public void forEach(CharSequence name, Consumer<? super V> action) {
        int end = end(name);
        int hash = 0;
        for (int start = end - 1; start >= 0; start--) {
            hash = grow(hash, fold(name.charAt(start)));
            if (start == 0 || name.charAt(start - 1) == '.') {
                @Nullable V here = value(entry(name, start, end, hash), start == 0);
                if (here != null) {
                    action.accept(here);
                }
            }
        }
    }

    /** How many different suffixes the patterns have. */
    public int size() {
        return hashes.length;
    }

    /** Where the name ends for us: before one trailing dot; 0, so nowhere, when it is too long. */
    private static int end(CharSequence name) {
        int length = name.length();
        int end = length > 0 && name.charAt(length - 1) == '.' ? length - 1 : length;
        return end > DomainPattern.MAX_NAME ? 0 : end;
    }

    private int entry(CharSequence name, int start, int end, int hash) {
        int slot = spread(hash) & (slots.length - 1);
        while (slots[slot] != 0) {
            int entry = slots[slot] - 1;
            if (hashes[entry] == hash && same(entry, name, start, end)) {
                return entry;
            }
            slot = (slot + 1) & (slots.length - 1);
        }
        return -1;
    }

    private boolean same(int entry, CharSequence name, int start, int end) {
        int offset = offsets[entry];
        if (offsets[entry + 1] - offset != end - start) {
            return false;
        }
        for (int i = start; i < end; i++) {
            if (letters[offset + i - start] != fold(name.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    @SuppressWarnings("unchecked")
    private @Nullable V value(int entry, boolean whole) {
        return entry < 0 ? null : (V) (whole ? exact[entry] : below[entry]);
    }

    private static int fold(char c) {
        return c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c;
    }

    private static int grow(int hash, int letter) {
        return hash * 31 + letter;
    }

    /** The multiplier's low bits repeat for names that differ in few letters; a probe needs them mixed. */
    private static int spread(int hash) {
        int mixed = hash * 0x9E3779B9;
        return mixed ^ (mixed >>> 16);
    }

    /** A builder; {@code merge} joins the values of patterns that reach the same names of one suffix. */
    public static <V> Builder<V> builder(BinaryOperator<V> merge) {
        return new Builder<>(merge);
    }

    /** Collects patterns. Not for several threads. */
    public static final class Builder<V> {
        private final Map<String, Values<V>> suffixes = new LinkedHashMap<>();
        private final BinaryOperator<V> merge;

        private Builder(BinaryOperator<V> merge) {
            this.merge = merge;
        }

        public Builder<V> add(DomainPattern pattern, V value) {
            Values<V> values = suffixes.computeIfAbsent(pattern.suffix(), suffix -> new Values<>());
            switch (pattern.reach()) {
                case EXACT -> values.exact = joined(values.exact, value);
                case BELOW -> values.below = joined(values.below, value);
                case EXACT_AND_BELOW -> {
                    values.exact = joined(values.exact, value);
                    values.below = joined(values.below, value);
                }
            }
            return this;
        }

        private V joined(@Nullable V before, V value) {
            return before == null ? value : merge.apply(before, value);
        }

        public DomainTable<V> build() {
            return new DomainTable<>(suffixes);
        }
    }

    private static final class Values<V> {
        @Nullable
        V exact;

        @Nullable
        V below;
    }
}
