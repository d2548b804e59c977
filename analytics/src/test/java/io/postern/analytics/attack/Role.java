package io.postern.analytics.attack;

import io.postern.analytics.context.Truth;
import io.postern.analytics.flow.Protocol;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** What is written down of an app, one thing after another. */
final class Role {

    private final String category;
    private boolean approved;
    private final Set<String> classes = new HashSet<>();
    private final Set<String> domains = new HashSet<>();
    private final Map<Protocol, Set<Integer>> ports = new HashMap<>();
    private Truth background = Truth.UNKNOWN;
    private Duration poll = Duration.ZERO;
    private final Set<AppRole.Behaviour> silent = EnumSet.noneOf(AppRole.Behaviour.class);
    private Truth crypto = Truth.UNKNOWN;
    private long uplinkLimit;

    private Role(String category) {
        this.category = category;
    }

    static Role of(String category) {
        return new Role(category);
    }

    Role approved() {
        approved = true;
        return this;
    }

    Role uses(String... serviceClasses) {
        classes.addAll(Set.of(serviceClasses));
        return this;
    }

    Role goesTo(String... names) {
        domains.addAll(Set.of(names));
        return this;
    }

    Role speaks(Protocol protocol, Integer... on) {
        ports.put(protocol, Set.of(on));
        return this;
    }

    Role worksInBackground() {
        background = Truth.TRUE;
        return this;
    }

    Role neverInBackground() {
        background = Truth.FALSE;
        return this;
    }

    /** Bytes a day to one destination. */
    Role sendsAtMost(long bytes) {
        uplinkLimit = bytes;
        return this;
    }

    Role polls(Duration every) {
        poll = every;
        return this;
    }

    Role isPushed() {
        return does(AppRole.Behaviour.PUSH);
    }

    /** Its category does so of itself. */
    Role does(AppRole.Behaviour what) {
        silent.add(what);
        return this;
    }

    Role encrypts() {
        crypto = Truth.TRUE;
        return this;
    }

    AppRole written() {
        return new AppRole(
                category,
                approved,
                classes,
                !domains.isEmpty(),
                to -> domains.contains(to.domain()),
                ports.keySet(),
                (protocol, port) -> ports.getOrDefault(protocol, Set.of()).contains(port),
                background,
                poll,
                silent,
                crypto,
                uplinkLimit);
    }
}
