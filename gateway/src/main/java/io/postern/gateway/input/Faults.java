package io.postern.gateway.input;

import java.util.function.Consumer;

/** What is wrong with one input: its first lines that are broken are told of one by one, the others counted. */
public final class Faults {

    private static final int TOLD = 3;

    private final Consumer<String> wrong;
    private long lines;
    private boolean broken;

    /** @param wrong told what an operator reads, a line each */
    public Faults(Consumer<String> wrong) {
        this.wrong = wrong;
    }

    /** @param what is wrong with it, without any of its text */
    public void line(long number, String what) {
        broken = true;
        if (++lines <= TOLD) {
            wrong.accept("line " + number + ": " + what);
        }
    }

    /** It cannot be read on. */
    public void whole(String what) {
        broken = true;
        wrong.accept(what);
    }

    /** Nothing more comes of it. */
    public void end() {
        if (lines > TOLD) {
            wrong.accept(lines + " lines are broken, the first " + TOLD + " of them are told of");
        }
    }

    public long lines() {
        return lines;
    }

    public boolean broken() {
        return broken;
    }
}
