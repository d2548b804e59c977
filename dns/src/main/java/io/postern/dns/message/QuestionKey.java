package io.postern.dns.message;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What is asked, class IN, and how: what answers are remembered by, and what one flight is shared by.
 */
public final class QuestionKey {

    /** Of a query whose question cannot be read. */
    static final QuestionKey NONE = new QuestionKey(new byte[1], 0, false, false);

    private final byte[] name;
    private final int type;
    private final boolean signatures;
    private final boolean unchecked;
    private final int hash;
    /** Made by whoever asks for it first. */
    private @Nullable String text;

    /**
     * @param canonical name in wire form, lower case, no pointers; not changed any more
     * @param signatures whether DNSSEC's records are wanted too (DO, RFC 3225)
     * @param unchecked whether the server shall not check them (CD, RFC 4035 section 3.2.2)
     */
    public QuestionKey(byte[] canonical, int type, boolean signatures, boolean unchecked) {
        this.name = canonical;
        this.type = type;
        this.signatures = signatures;
        this.unchecked = unchecked;
        this.hash = (Arrays.hashCode(canonical) * 31 + type) * 4 + (signatures ? 2 : 0) + (unchecked ? 1 : 0);
    }

    /** Its name in wire form; not to be changed. */
    public byte[] name() {
        return name;
    }

    public int type() {
        return type;
    }

    public boolean signatures() {
        return signatures;
    }

    public boolean unchecked() {
        return unchecked;
    }

    /** The name as {@link WireName#text}. */
    public String text() {
        String known = text;
        if (known == null) {
            known = WireName.text(name);
            text = known;
        }
        return known;
    }

    /** The same without the name's text, which is half of its memory: to be kept. */
    public QuestionKey bare() {
        return text == null ? this : new QuestionKey(name, type, signatures, unchecked);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof QuestionKey key
                && key.hash == hash
                && key.type == type
                && key.signatures == signatures
                && key.unchecked == unchecked
                && Arrays.equals(key.name, name);
    }

    @Override
    public int hashCode() {
        return hash;
    }

    @Override
    public String toString() {
        return text() + " type " + type;
    }
}
