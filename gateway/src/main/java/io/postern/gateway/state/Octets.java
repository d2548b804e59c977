package io.postern.gateway.state;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.WriteBuffer;
import org.h2.mvstore.type.BasicDataType;

/** Bytes as they are, in the order of unsigned ones: a length as a variable-length integer, then so many. */
final class Octets extends BasicDataType<byte[]> {

    /** Of an array's header and its reference, in bytes. */
    private static final int OVERHEAD = 24;

    @Override
    public int compare(byte[] one, byte[] other) {
        return Arrays.compareUnsigned(one, other);
    }

    @Override
    public int getMemory(byte[] octets) {
        return OVERHEAD + octets.length;
    }

    @Override
    public void write(WriteBuffer out, byte[] octets) {
        out.putVarInt(octets.length).put(octets);
    }

    @Override
    public byte[] read(ByteBuffer in) {
        byte[] octets = new byte[DataUtils.readVarInt(in)];
        in.get(octets);
        return octets;
    }

    @Override
    public byte[][] createStorage(int size) {
        return new byte[size][];
    }
}
