package io.postern.wire.http2;

import io.postern.wire.http2.Http2Listener.Sender;
import java.nio.ByteBuffer;
import java.util.function.LongConsumer;

/**
 * The frames of one direction, RFC 9113 section 4.1.
 *
 * <pre>
 * [preface] | length24 | type8 | flags8 | R, stream31 | payload …
 * PREFACE → HEADER → PAYLOAD → HEADER …       BROKEN
 * </pre>
 */
final class Http2Side {

    static final String PREFACE = "no preface, RFC 9113 section 3.4";
    static final String PADDING = "padding longer than its frame, RFC 9113 section 6.1";
    static final String CONTINUATION =
            "a field block that is not continued, or a continuation of none, RFC 9113 section 6.10";
    static final String CONTINUATIONS = "field block in more frames than one looks at";
    static final String BLOCK = "field block longer than one looks at";

    private static final byte[] OPENING = {
        'P', 'R', 'I', ' ', '*', ' ', 'H', 'T', 'T', 'P', '/', '2', '.', '0', '\r', '\n', '\r', '\n', 'S', 'M', '\r',
        '\n', '\r', '\n'
    };
    private static final int HEADER = 9;
    private static final int DATA = 0;
    private static final int HEADERS = 1;
    private static final int RST_STREAM = 3;
    private static final int SETTINGS = 4;
    private static final int PUSH_PROMISE = 5;
    private static final int CONTINUATION_TYPE = 9;
    private static final int END_STREAM = 0x01;
    private static final int ACK = 0x01;
    private static final int END_HEADERS = 0x04;
    private static final int PADDED = 0x08;
    private static final int PRIORITY = 0x20;
    private static final int PRIORITY_BYTES = 5;
    private static final int PROMISED_BYTES = 4;
    private static final int SETTING = 6;
    private static final int HEADER_TABLE_SIZE = 1;

    private final Sender sender;
    private final Http2Listener listener;
    private final LongConsumer tableSizes;
    private final HpackDecoder hpack;
    private final FieldBlock block;
    private final byte[] header = new byte[HEADER];
    private int got;
    private boolean opened;
    private boolean broken;
    private boolean inPayload;
    private boolean inBlock;
    private boolean promised;

    private int length;
    private int type;
    private int flags;
    private int stream;
    /** Of the payload: what is left, what of it is padding, and what stands before its content. */
    private int left;

    private int padding;
    private int before;
    private boolean paddingKnown;

    /** @param tableSizes told of each HEADER_TABLE_SIZE that this end allows the other */
    Http2Side(Sender sender, Http2Listener listener, Http2Limits limits, LongConsumer tableSizes) {
        this.sender = sender;
        this.listener = listener;
        this.tableSizes = tableSizes;
        this.hpack = new HpackDecoder(limits.table(), limits.section());
        this.block = new FieldBlock(limits);
        this.opened = sender == Sender.SERVER;
    }

    void allowTable(long bytes) {
        hpack.allow(bytes);
    }

    /** Reads on to the end. */
    void read(ByteBuffer bytes) {
        while (bytes.hasRemaining() && !broken) {
            if (!opened) {
                opening(bytes.get());
            } else if (inPayload) {
                payload(bytes);
            } else {
                header[got++] = bytes.get();
                if (got == HEADER) {
                    got = 0;
                    frame();
                }
            }
        }
        bytes.position(bytes.limit());
    }

    private void opening(byte octet) {
        if (octet != OPENING[got++]) {
            fail(PREFACE);
        } else if (got == OPENING.length) {
            got = 0;
            opened = true;
        }
    }

    private void frame() {
        length = u16(header, 0) << 8 | (header[2] & 0xFF);
        type = header[3] & 0xFF;
        flags = header[4] & 0xFF;
        stream = (u16(header, 5) & 0x7FFF) << 16 | u16(header, 7);
        left = length;
        padding = 0;
        before = 0;
        boolean padded = (flags & PADDED) != 0 && (type == DATA || type == HEADERS || type == PUSH_PROMISE);
        paddingKnown = !padded;
        if (inBlock != (type == CONTINUATION_TYPE) || (inBlock && stream != block.stream())) {
            fail(CONTINUATION);
            return;
        }
        if (type == HEADERS || type == PUSH_PROMISE) {
            promised = type == PUSH_PROMISE;
            before = promised ? PROMISED_BYTES : (flags & PRIORITY) != 0 ? PRIORITY_BYTES : 0;
            inBlock = true;
            block.begin(stream, type == HEADERS && (flags & END_STREAM) != 0);
        } else if (type == CONTINUATION_TYPE && !block.continues()) {
            fail(CONTINUATIONS);
            return;
        }
        inPayload = true;
        if (left == 0) {
            ended();
        }
    }

    private void payload(ByteBuffer bytes) {
        if (!paddingKnown) {
            padding = bytes.get() & 0xFF;
            paddingKnown = true;
            left--;
            if (padding + before > left) {
                fail(PADDING);
                return;
            }
        }
        int content = Math.min(left - padding, bytes.remaining());
        if (content > 0 && before > 0) {
            int skipped = Math.min(before, content);
            bytes.position(bytes.position() + skipped);
            before -= skipped;
            left -= skipped;
            content -= skipped;
        }
        if (content > 0) {
            content(bytes, content);
            left -= content;
        }
        int rest = left <= padding ? Math.min(left, bytes.remaining()) : 0;
        bytes.position(bytes.position() + rest);
        left -= rest;
        if (left == 0 && !broken) {
            ended();
        }
    }

    private void content(ByteBuffer bytes, int some) {
        if (inBlock) {
            if (!block.add(bytes, some)) {
                fail(BLOCK);
            }
        } else if (type == SETTINGS && (flags & ACK) == 0) {
            for (int i = 0; i < some; i++) {
                setting(bytes.get());
            }
        } else {
            int from = bytes.position();
            bytes.position(from + some);
            if (type == DATA) {
                listener.body(sender, stream, bytes, from, from + some);
            }
        }
    }

    /** The frame's header is done with: its room takes one setting at a time. */
    private void setting(byte octet) {
        header[got++] = octet;
        if (got == SETTING) {
            got = 0;
            if (u16(header, 0) == HEADER_TABLE_SIZE) {
                tableSizes.accept((long) u16(header, 2) << 16 | u16(header, 4));
            }
        }
    }

    private void ended() {
        inPayload = false;
        got = 0;
        if (inBlock) {
            if ((flags & END_HEADERS) != 0) {
                inBlock = false;
                section();
            }
            return;
        }
        if (type == DATA) {
            int padded = (flags & PADDED) != 0 ? 1 + padding : 0;
            listener.data(sender, stream, Math.max(0, length - padded));
            if ((flags & END_STREAM) != 0) {
                listener.ended(sender, stream, false);
            }
        } else if (type == RST_STREAM) {
            listener.ended(sender, stream, true);
        }
    }

    private void section() {
        int bytes = block.length();
        SeenSection section = new SeenSection();
        hpack.decode(block.take(), section).ifPresent(this::fail);
        // A promise is the server's, and the request it promises is none of the client's.
        if (broken || promised) {
            return;
        }
        int status = section.status();
        if (section.request()) {
            listener.request(block.stream(), section.facts(), bytes);
        } else if (status >= 200) {
            listener.response(block.stream(), status, bytes);
        } else if (status == 0) {
            listener.trailers(sender, block.stream(), bytes);
        }
        if (section.dns() && (section.request() || status >= 200)) {
            listener.dns(sender, block.stream());
        }
        if (section.packed() && (section.request() || status >= 200)) {
            listener.packed(sender, block.stream());
        }
        if (block.endsStream()) {
            listener.ended(sender, block.stream(), false);
        }
    }

    private void fail(String rule) {
        broken = true;
        listener.lost(sender, rule);
    }

    private static int u16(byte[] octets, int at) {
        return (octets[at] & 0xFF) << 8 | (octets[at + 1] & 0xFF);
    }
}
