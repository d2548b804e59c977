package io.postern.config.document;

/**
 * Where something was written.
 *
 * @param file a file as the operator named it, or what else a value came from
 * @param line from 1; 0 when the source has no lines
 * @param column from 1, in code points; 0 when the source has no columns
 */
public record Position(String file, int line, int column) {

    /** Of what stands in for a refused value: whatever is wrong with it was said already. */
    static final Position NOWHERE = new Position("", 0, 0);

    /** A source as a whole. */
    public static Position of(String source) {
        return new Position(source, 0, 0);
    }

    @Override
    public String toString() {
        return line == 0 ? file : file + ":" + line + ":" + column;
    }
}
