package io.postern.wire.tcp;

import io.postern.wire.packet.Packet;
import java.util.Arrays;

/** What one direction has ahead of its next byte: pieces in order, none overlapping another. */
final class TcpHeld {

    private int[] starts = new int[4];
    private byte[][] pieces = new byte[4][];
    private int count;
    private int bytes;

    boolean isEmpty() {
        return count == 0;
    }

    /** Sequence number of the first piece, of which there must be one. */
    int first() {
        return starts[0];
    }

    /** The first piece, which is then gone. */
    byte[] take(TcpBudget budget) {
        byte[] piece = pieces[0];
        count--;
        System.arraycopy(starts, 1, starts, 0, count);
        System.arraycopy(pieces, 1, pieces, 0, count);
        pieces[count] = new byte[0];
        bytes -= piece.length;
        budget.giveBack(piece.length);
        return piece;
    }

    /**
     * Copies what has not come before.
     *
     * @return false, and nothing is done, if there is no room
     */
    boolean put(Packet packet, int first, TcpLimits limits, TcpBudget budget) {
        int length = packet.length();
        if (count >= limits.segments() || length > limits.bytes() - bytes || !budget.take(length)) {
            return false;
        }
        int before = bytes;
        int at = first;
        int end = first + length;
        int place = 0;
        while (place < count && starts[place] - end < 0) {
            if (starts[place] - at > 0) {
                insert(place, packet, first, at, starts[place]);
                place++;
            }
            int over = starts[place] + pieces[place].length;
            at = over - at > 0 ? over : at;
            place++;
        }
        if (end - at > 0) {
            insert(place, packet, first, at, end);
        }
        budget.giveBack(length - (bytes - before));
        return true;
    }

    private void insert(int place, Packet packet, int first, int from, int to) {
        byte[] piece = new byte[to - from];
        packet.bytes().get(packet.from() + (from - first), piece);
        if (count == starts.length) {
            starts = Arrays.copyOf(starts, 2 * count);
            pieces = Arrays.copyOf(pieces, 2 * count);
        }
        System.arraycopy(starts, place, starts, place + 1, count - place);
        System.arraycopy(pieces, place, pieces, place + 1, count - place);
        starts[place] = from;
        pieces[place] = piece;
        count++;
        bytes += piece.length;
    }
}
