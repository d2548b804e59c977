package io.postern.wire.websocket;

import io.postern.wire.Payloads;
import java.nio.ByteBuffer;
import java.util.function.Consumer;

/**
 * Reads the frame headers of one direction of a WebSocket, however they are cut. Holds 14 bytes.
 *
 * <pre>
 * FIN RSV1-3 opcode4 | MASK length7 | [length16 or length64] | [mask32] | payload       RFC 6455 section 5.2
 * </pre>
 *
 * <p>A fault is told and reading goes on, but for a length beyond 2⁶³, behind which no frame can be found. Nothing
 * follows a Close frame. Not thread-safe.
 */
public final class FrameReader {

    /** Which end sends what is read here. */
    public enum Sender {
        CLIENT,
        SERVER
    }

    private static final int FIN = 0x80;
    private static final int RSV1 = 0x40;
    private static final int RSV2_RSV3 = 0x30;
    private static final int OPCODE = 0x0F;
    private static final int CONTROL = 0x08;
    private static final int CONTINUATION = 0x0;
    private static final int CLOSE = 0x8;
    private static final int BINARY = 0x2;
    private static final int PONG = 0xA;
    private static final int MASK = 0x80;
    private static final int LENGTH16 = 126;
    private static final int LENGTH64 = 127;
    private static final int MASKING_KEY = 4;
    private static final Message NONE = new Message(CONTINUATION, 0, 0, false, false);

    private final Sender sender;
    private final Consumer<FrameFault> faults;
    private final Consumer<Message> messages;
    private final Payloads payloads;
    private final byte[] header = new byte[14];
    private int got;
    private long payload;
    private long frameAt;
    private int key;
    private boolean control;
    private boolean inMessage;
    private Message message = NONE;
    private boolean over;
    private long frames;

    /** @param faults told of each, at most one per frame and kind */
    public FrameReader(Sender sender, Consumer<FrameFault> faults) {
        this(sender, faults, message -> {});
    }

    /**
     * @param faults told of each, at most one per frame and kind
     * @param messages told of each message and control frame, when the header of its last frame was read: a peer cannot
     *     make it wait for the payload
     */
    public FrameReader(Sender sender, Consumer<FrameFault> faults, Consumer<Message> messages) {
        this(sender, faults, messages, Payloads.UNSEEN);
    }

    /**
     * @param faults told of each, at most one per frame and kind
     * @param messages told of each as above
     * @param payloads shown what is in them
     */
    public FrameReader(Sender sender, Consumer<FrameFault> faults, Consumer<Message> messages, Payloads payloads) {
        this.sender = sender;
        this.faults = faults;
        this.messages = messages;
        this.payloads = payloads;
    }

    /** Frames whose header has been read. */
    public long frames() {
        return frames;
    }

    /** Whether no frame can follow: a Close frame was seen, or a length that is none. */
    public boolean over() {
        return over;
    }

    /** Reads on to the end. */
    public void read(ByteBuffer bytes) {
        while (bytes.hasRemaining() && !over) {
            if (payload > 0) {
                int some = (int) Math.min(payload, bytes.remaining());
                payload(bytes, some);
            } else {
                header[got++] = bytes.get();
                if (got >= 2 && got == headerBytes()) {
                    frame();
                    got = 0;
                }
            }
        }
        bytes.position(bytes.limit());
    }

    private void payload(ByteBuffer bytes, int some) {
        int from = bytes.position();
        bytes.position(from + some);
        payload -= some;
        if (!control) {
            payloads.some(bytes, from, from + some, key, frameAt);
            frameAt += some;
            if (payload == 0 && !inMessage) {
                payloads.ends();
            }
        }
    }

    private int headerBytes() {
        int key = (header[1] & MASK) != 0 ? MASKING_KEY : 0;
        return 2 + lengthBytes() + key;
    }

    private int lengthBytes() {
        return switch (header[1] & ~MASK & 0xFF) {
            case LENGTH16 -> 2;
            case LENGTH64 -> 8;
            default -> 0;
        };
    }

    private void frame() {
        frames++;
        payload = length();
        int opcode = header[0] & OPCODE;
        boolean last = (header[0] & FIN) != 0;
        told((header[0] & RSV2_RSV3) != 0, FrameFault.RESERVED_BIT);
        told((header[1] & MASK) != 0 != (sender == Sender.CLIENT), FrameFault.MASKING);
        told(!shortest(), FrameFault.LENGTH);
        if (opcode > PONG || (opcode > BINARY && opcode < CONTROL)) {
            faults.accept(FrameFault.OPCODE);
        } else if (opcode >= CONTROL) {
            told(!last || lengthBytes() > 0, FrameFault.CONTROL);
        } else {
            told((opcode == CONTINUATION) != inMessage, FrameFault.FRAGMENTATION);
            inMessage = !last;
        }
        shown(opcode);
        message(opcode, last);
        over = opcode == CLOSE || payload < 0;
    }

    private void shown(int opcode) {
        control = opcode >= CONTROL;
        if (control) {
            return;
        }
        int at = 2 + lengthBytes();
        frameAt = 0;
        key = (header[1] & MASK) == 0
                ? 0
                : (header[at] & 0xFF) << 24
                        | (header[at + 1] & 0xFF) << 16
                        | (header[at + 2] & 0xFF) << 8
                        | (header[at + 3] & 0xFF);
        if (opcode != CONTINUATION) {
            payloads.begins((header[0] & RSV1) != 0);
        }
        if (payload == 0 && !inMessage) {
            payloads.ends();
        }
    }

    private void message(int opcode, boolean last) {
        Message alone = new Message(opcode, Math.max(0, payload), 1, (header[1] & MASK) != 0, (header[0] & RSV1) != 0);
        if (opcode >= CONTROL) {
            messages.accept(alone);
            return;
        }
        // A message that begins inside another ends that one.
        message = opcode == CONTINUATION ? message.and(alone.bytes()) : alone;
        if (last) {
            messages.accept(message);
            message = NONE;
        }
    }

    private long length() {
        int bytes = lengthBytes();
        if (bytes == 0) {
            return header[1] & ~MASK & 0xFF;
        }
        long length = 0;
        for (int i = 2; i < 2 + bytes; i++) {
            length = (length << 8) | (header[i] & 0xFF);
        }
        return length;
    }

    private boolean shortest() {
        return switch (lengthBytes()) {
            case 2 -> payload >= LENGTH16;
            case 8 -> payload > 0xFFFF;
            default -> true;
        };
    }

    private void told(boolean broken, FrameFault fault) {
        if (broken) {
            faults.accept(fault);
        }
    }
}
