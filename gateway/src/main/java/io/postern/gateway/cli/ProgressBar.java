package io.postern.gateway.cli;

import java.io.PrintWriter;

/** How far something is: a bar that moves on a terminal, a few plain lines elsewhere. */
final class ProgressBar {

    private static final int WIDTH = 40;
    private static final int PLAIN_LINES = 4;

    private final PrintWriter out;
    private final String what;
    private final int total;
    private final boolean terminal;
    private int drawn = -1;

    ProgressBar(PrintWriter out, String what, int total, boolean terminal) {
        this.out = out;
        this.what = what;
        this.total = total;
        this.terminal = terminal;
    }

    void at(int count) {
        int steps = terminal ? WIDTH : PLAIN_LINES;
        int step = (int) ((long) count * steps / Math.max(1, total));
        if (step == drawn) {
            return;
        }
        drawn = step;
        if (terminal) {
            out.print("\r[" + "#".repeat(step) + ".".repeat(WIDTH - step) + "] " + count + "/" + total + " " + what);
        } else {
            out.println(count + "/" + total + " " + what);
        }
        out.flush();
    }

    void done() {
        if (terminal) {
            out.println();
            out.flush();
        }
    }
}
