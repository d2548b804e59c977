package io.postern.gateway.input;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/** One input, read once from its beginning, a pipe too; gzip is taken off, whatever the file is called. */
public final class Input implements ReadableByteChannel {

    /** Longer than any line of ours: the first whole one is in it. */
    private static final int HEAD = 160 * 1024;

    private static final int GZIP = 0x1f8b;
    private static final int INFLATED = 64 * 1024;

    private final FileChannel file;
    private final ReadableByteChannel content;
    private final ByteBuffer head;
    private final Kind kind;
    private long bytes;

    private Input(FileChannel file) throws IOException {
        this.file = file;
        ReadableByteChannel counted = new Counted();
        ByteBuffer magic = fill(counted, ByteBuffer.allocate(Short.BYTES));
        ReadableByteChannel whole = new Prefixed(magic, counted);
        boolean gzip = magic.remaining() == Short.BYTES && (magic.getShort(0) & 0xFFFF) == GZIP;
        this.content =
                gzip ? Channels.newChannel(new GZIPInputStream(Channels.newInputStream(whole), INFLATED)) : whole;
        ByteBuffer first = fill(content, ByteBuffer.allocate(Integer.BYTES));
        // The writer of a pipe may be slow: of a capture no more is waited for.
        this.head = Kind.capture(first)
                ? first
                : fill(content, ByteBuffer.allocate(HEAD).put(first));
        this.kind = Kind.of(head);
    }

    /** @throws IOException if it cannot be opened, or is broken in its first bytes; {@link #text} says it for operators */
    public static Input open(Path path) throws IOException {
        FileChannel file = FileChannel.open(path, StandardOpenOption.READ);
        try {
            return new Input(file);
        } catch (IOException | RuntimeException e) {
            file.close();
            throw e;
        }
    }

    /** What is wrong, in one line. */
    public static String text(IOException fault) {
        if (fault instanceof NoSuchFileException) {
            return "no such file";
        }
        if (fault instanceof EOFException) {
            return "ends in the middle of its gzip";
        }
        if (fault instanceof ZipException) {
            return "is broken gzip: " + fault.getMessage();
        }
        return fault.getMessage() == null ? fault.toString() : fault.getMessage();
    }

    public Kind kind() {
        return kind;
    }

    /** Bytes of the file read by now, as it lies on the disk. */
    public long bytes() {
        return bytes;
    }

    /** All of it; closing it closes this. */
    public InputStream stream() {
        return Channels.newInputStream(this);
    }

    @Override
    public int read(ByteBuffer to) throws IOException {
        return head.hasRemaining() ? put(head, to) : content.read(to);
    }

    @Override
    public boolean isOpen() {
        return file.isOpen();
    }

    @Override
    public void close() throws IOException {
        file.close();
    }

    /** Reads until it is full or nothing more comes, and turns it for reading. */
    private static ByteBuffer fill(ReadableByteChannel from, ByteBuffer buffer) throws IOException {
        boolean more = true;
        while (more && buffer.hasRemaining()) {
            more = from.read(buffer) >= 0;
        }
        return buffer.flip();
    }

    private static int put(ByteBuffer from, ByteBuffer to) {
        int count = Math.min(from.remaining(), to.remaining());
        to.put(from.duplicate().limit(from.position() + count));
        from.position(from.position() + count);
        return count;
    }

    /** The file, its bytes counted. */
    private final class Counted implements ReadableByteChannel {

        @Override
        public int read(ByteBuffer to) throws IOException {
            int count = file.read(to);
            bytes += Math.max(0, count);
            return count;
        }

        @Override
        public boolean isOpen() {
            return file.isOpen();
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }

    /** A channel, behind what was read of it already. */
    private record Prefixed(ByteBuffer first, ReadableByteChannel rest) implements ReadableByteChannel {

        @Override
        public int read(ByteBuffer to) throws IOException {
            return first.hasRemaining() ? put(first, to) : rest.read(to);
        }

        @Override
        public boolean isOpen() {
            return rest.isOpen();
        }

        @Override
        public void close() throws IOException {
            rest.close();
        }
    }
}
