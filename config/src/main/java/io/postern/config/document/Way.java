package io.postern.config.document;

import org.jspecify.annotations.Nullable;

/**
 * From the root of a document to one of its values, as in {@code listeners[0].bind}. Spelt only when somebody asks: a
 * large policy has a million values and nobody asks.
 */
final class Way {

    static final Way ROOT = new Way(null, "");

    private final @Nullable Way parent;
    /** A key, or the number of an item. */
    private final Object step;

    private Way(@Nullable Way parent, Object step) {
        this.parent = parent;
        this.step = step;
    }

    Way to(String key) {
        return new Way(this, key);
    }

    Way to(int item) {
        return new Way(this, item);
    }

    @Override
    public String toString() {
        if (parent == null) {
            return "";
        }
        String before = parent.toString();
        if (!(step instanceof String key)) {
            return before + "[" + step + "]";
        }
        if (!plain(key)) {
            return before + "[\"" + key + "\"]";
        }
        return before.isEmpty() ? key : before + "." + key;
    }

    private static boolean plain(String key) {
        for (int i = 0; i < key.length(); i++) {
            char c = key.charAt(i);
            if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-')) {
                return false;
            }
        }
        return !key.isEmpty();
    }
}
