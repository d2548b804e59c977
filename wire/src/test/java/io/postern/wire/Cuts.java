package io.postern.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Function;

/** Whether a reader with a memory comes to the same end however its bytes are cut. */
public final class Cuts {

    private static final int RANDOM_CUTS = 200;

    /**
     * Reads the bytes whole, byte by byte, in every two pieces and in seeded random ones.
     *
     * @param read feeds the pieces to a new reader, in order, and says what came out of it all
     * @return what came out
     */
    public static <R> R check(byte[] bytes, Function<List<ByteBuffer>, R> read) {
        R whole = read.apply(pieces(bytes, List.of()));
        for (int cut = 1; cut < bytes.length; cut++) {
            assertThat(read.apply(pieces(bytes, List.of(cut))))
                    .as("cut at %s", cut)
                    .isEqualTo(whole);
        }
        List<Integer> everywhere = new ArrayList<>();
        for (int cut = 1; cut < bytes.length; cut++) {
            everywhere.add(cut);
        }
        assertThat(read.apply(pieces(bytes, everywhere))).as("byte by byte").isEqualTo(whole);
        Random random = new Random(bytes.length);
        for (int i = 0; i < RANDOM_CUTS; i++) {
            List<Integer> cuts =
                    everywhere.stream().filter(cut -> random.nextInt(8) == 0).toList();
            assertThat(read.apply(pieces(bytes, cuts))).as("cut at %s", cuts).isEqualTo(whole);
        }
        return whole;
    }

    private static List<ByteBuffer> pieces(byte[] bytes, List<Integer> cuts) {
        List<ByteBuffer> pieces = new ArrayList<>();
        int from = 0;
        for (int cut : cuts) {
            pieces.add(ByteBuffer.wrap(bytes, from, cut - from));
            from = cut;
        }
        pieces.add(ByteBuffer.wrap(bytes, from, bytes.length - from));
        return pieces;
    }

    private Cuts() {}
}
