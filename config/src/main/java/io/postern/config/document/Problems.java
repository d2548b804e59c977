package io.postern.config.document;

import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/** Collects what is wrong, so that an operator is told everything at once. Not for several threads. */
public final class Problems {

    private final SortedSet<Problem> all = new TreeSet<>();

    /** Something about a value. */
    public void at(Setting setting, String what) {
        add(setting.at(), setting.path(), what);
    }

    /** Something about a key, whatever its value. */
    public void atKey(Setting setting, String what) {
        add(setting.keyAt(), setting.path(), what);
    }

    public void add(Position at, String path, String what) {
        if (!at.equals(Position.NOWHERE)) {
            add(Problem.of(at, path, what));
        }
    }

    public void add(Problem problem) {
        all.add(problem);
    }

    public void addAll(List<Problem> others) {
        all.addAll(others);
    }

    public boolean none() {
        return all.isEmpty();
    }

    /** In order of file and position. */
    public List<Problem> sorted() {
        return List.copyOf(all);
    }
}
