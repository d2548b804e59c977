package io.postern.gateway.records;

import io.postern.gateway.input.Lines;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;

/** Copies lines of a file, but for those about a device. */
final class Erasure {

    private static final int BUFFER = 64 * 1024;

    private final DeviceLines device;

    Erasure(DeviceLines device) {
        this.device = device;
    }

    /** From one byte to another of a file, whatever is appended meanwhile. */
    private static final class Part extends InputStream {
        private final FileChannel file;
        private final long to;
        private long at;

        Part(FileChannel file, long from, long to) {
            this.file = file;
            this.at = from;
            this.to = to;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            int most = (int) Math.min(length, to - at);
            int read = most <= 0 ? -1 : file.read(ByteBuffer.wrap(into, offset, most), at);
            at += Math.max(0, read);
            return read;
        }
    }

    /** How many are about it. */
    long count(FileChannel in, long from, long to) throws IOException {
        return copy(in, from, to, OutputStream.nullOutputStream());
    }

    /** @return how many were left out */
    long copy(FileChannel in, long from, long to, FileChannel out) throws IOException {
        // Not closed: the file stays open.
        OutputStream bytes = Channels.newOutputStream(out);
        return copy(in, from, to, bytes);
    }

    private long copy(FileChannel in, long from, long to, OutputStream out) throws IOException {
        Lines lines = new Lines(new Part(in, from, to));
        byte[] buffer = new byte[BUFFER];
        int held = 0;
        long erased = 0;
        while (lines.next()) {
            if (lines.tooLong()) {
                throw new IOException("line " + lines.number() + " is longer than any that is written here");
            }
            int length = lines.to() - lines.from();
            if (device.about(lines.bytes(), lines.from(), lines.to())) {
                erased++;
                continue;
            }
            if (held + length + 1 > buffer.length) {
                out.write(buffer, 0, held);
                held = 0;
            }
            if (length + 1 > buffer.length) {
                out.write(lines.bytes(), lines.from(), length);
            } else {
                System.arraycopy(lines.bytes(), lines.from(), buffer, held, length);
                held += length;
            }
            buffer[held++] = '\n';
        }
        out.write(buffer, 0, held);
        return erased;
    }
}
