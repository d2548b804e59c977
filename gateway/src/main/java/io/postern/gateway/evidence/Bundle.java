package io.postern.gateway.evidence;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * A ZIP of some files in the order of their names, with a manifest and its signature. The same files at the same time by the
 * same key are the same bytes: nothing is compressed, and every entry has the same date. In memory, so of a bounded size.
 */
public final class Bundle {

    /** Of all files together. */
    public static final long MOST_BYTES = 64L << 20;

    private static final LocalDateTime DATE = LocalDateTime.of(1980, 1, 1, 0, 0);

    @SuppressWarnings("ArrayRecordComponent") // Nobody compares contents.
    private record Content(byte[] bytes, String holds) {}

    private final Map<String, String> about;
    private final Map<String, Long> limits = new LinkedHashMap<>();
    private final TreeMap<String, Content> files = new TreeMap<>();
    private final List<Manifest.LeftOut> leftOut = new ArrayList<>();
    private long bytes;

    /** @param about what was asked for and which */
    public Bundle(String about, String which) {
        this.about = Map.of(about, which);
        limits.put("bytes", MOST_BYTES);
    }

    /** What there may be at most, as the manifest tells it. */
    public void limit(String what, long most) {
        limits.put(what, most);
    }

    /** Adds a file, or where it has no room says so in the manifest. */
    public void add(String name, String holds, byte[] content) {
        if (bytes + content.length > MOST_BYTES) {
            leaveOut(name, "it has " + content.length + " bytes, for which there was no room");
            return;
        }
        bytes += content.length;
        files.put(name, new Content(content, holds));
    }

    /** Bytes that still fit. */
    public long room() {
        return MOST_BYTES - bytes;
    }

    public void leaveOut(String file, String why) {
        leftOut.add(new Manifest.LeftOut(file, why));
    }

    /**
     * @param made when, RFC 3339
     * @param by the product and its version
     */
    public byte[] signed(SigningKey key, String made, String by) {
        byte[] manifest = new Manifest(
                        Manifest.FORMAT,
                        about,
                        made,
                        by,
                        key.id(),
                        limits,
                        files.entrySet().stream()
                                .map(file -> new Manifest.File(
                                        file.getKey(),
                                        file.getValue().bytes.length,
                                        SigningKey.sha256(file.getValue().bytes),
                                        file.getValue().holds))
                                .toList(),
                        leftOut)
                .text();
        ByteArrayOutputStream out = new ByteArrayOutputStream((int) bytes + manifest.length + 4096);
        try (ZipOutputStream zip = new ZipOutputStream(out)) {
            put(zip, Manifest.NAME, manifest);
            put(zip, Manifest.SIGNATURE, key.sign(manifest));
            for (Map.Entry<String, Content> file : files.entrySet()) {
                put(zip, file.getKey(), file.getValue().bytes);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    private static void put(ZipOutputStream zip, String name, byte[] content) throws IOException {
        CRC32 crc = new CRC32();
        crc.update(content);
        ZipEntry entry = new ZipEntry(name);
        // Stored: what deflate makes of it differs by the version of zlib.
        entry.setMethod(ZipEntry.STORED);
        entry.setSize(content.length);
        entry.setCompressedSize(content.length);
        entry.setCrc(crc.getValue());
        entry.setTimeLocal(DATE);
        zip.putNextEntry(entry);
        zip.write(content);
        zip.closeEntry();
    }
}
