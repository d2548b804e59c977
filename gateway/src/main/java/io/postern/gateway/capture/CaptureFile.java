package io.postern.gateway.capture;

import io.postern.gateway.state.OwnFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** One file of a finding while it is written: by one thread, up to a size. */
final class CaptureFile {

    private final FileChannel out;
    private final long most;
    private long size;
    private int interfaces;
    private boolean full;

    CaptureFile(Path file, long most, String comment, String application) throws IOException {
        byte[] section = PcapngBlocks.section(comment, application);
        OwnFile.replace(file, section);
        this.out = FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
        this.size = section.length;
        this.most = most;
    }

    /** @return the number of the interface, negative where there is no room for it */
    int flow(String name, String description) throws IOException {
        return write(PcapngBlocks.interfaceOf(name, description)) ? interfaces++ : -1;
    }

    /** @return whether there was room for it */
    boolean packet(int number, long nanos, boolean outwards, byte[] packet, String comment) throws IOException {
        return write(PcapngBlocks.packet(number, nanos, outwards, packet, comment));
    }

    /** What comes behind what had no room has none either, so that nothing is missing in between. */
    private boolean write(byte[] block) throws IOException {
        full |= size + block.length > most;
        if (full) {
            return false;
        }
        ByteBuffer rest = ByteBuffer.wrap(block);
        while (rest.hasRemaining()) {
            out.write(rest);
        }
        size += block.length;
        return true;
    }

    long size() {
        return size;
    }

    boolean full() {
        return full;
    }

    void close() throws IOException {
        try (out) {
            out.force(true);
        }
    }
}
