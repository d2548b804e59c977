package io.postern.config.grammar;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** Which known word was meant by one that is not known. */
public final class Nearest {

    /** Longer words are not compared: the cost is quadratic and nobody mistypes a long one into another. */
    private static final int MAX_LENGTH = 64;

    private Nearest() {}

    /**
     * The known word within a third of the letters, the nearest first; neighbours that changed places count as one
     * mistake. Empty when nothing is that near.
     */
    public static Optional<String> to(String word, Iterable<String> known) {
        if (word.length() > MAX_LENGTH) {
            return Optional.empty();
        }
        Optional<String> nearest = Optional.empty();
        int least = Math.max(1, word.length() / 3) + 1;
        for (String candidate : known) {
            if (candidate.length() > MAX_LENGTH) {
                continue;
            }
            int distance = distance(word.toLowerCase(Locale.ROOT), candidate.toLowerCase(Locale.ROOT));
            if (distance < least) {
                least = distance;
                nearest = Optional.of(candidate);
            }
        }
        return nearest;
    }

    /** Restricted Damerau–Levenshtein distance over three rows. */
    private static int distance(String from, String to) {
        int[] beforeLast = new int[to.length() + 1];
        int[] last = new int[to.length() + 1];
        int[] row = new int[to.length() + 1];
        Arrays.setAll(last, j -> j);
        for (int i = 1; i <= from.length(); i++) {
            row[0] = i;
            for (int j = 1; j <= to.length(); j++) {
                int change = from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1;
                row[j] = Math.min(Math.min(row[j - 1], last[j]) + 1, last[j - 1] + change);
                boolean swapped = i > 1
                        && j > 1
                        && from.charAt(i - 1) == to.charAt(j - 2)
                        && from.charAt(i - 2) == to.charAt(j - 1);
                if (swapped) {
                    row[j] = Math.min(row[j], beforeLast[j - 2] + 1);
                }
            }
            int[] spare = beforeLast;
            beforeLast = last;
            last = row;
            row = spare;
        }
        return last[to.length()];
    }
}
