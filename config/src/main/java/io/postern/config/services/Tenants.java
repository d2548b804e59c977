package io.postern.config.services;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.postern.dns.names.DomainPattern;
import io.postern.dns.names.DomainTable;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whose part of a platform a name is, where the name shows one.
 *
 * <pre>
 * acme.sharepoint.com                   acme
 * mailer.acme.workers.dev               acme
 * my.bucket.s3.eu-west-1.amazonaws.com  my.bucket
 * www.slack.com                         the platform's own, so nobody's
 * </pre>
 *
 * <p>A tenant in a path is not visible without decryption, and not here either.
 */
public final class Tenants {

    private enum How {
        LABEL,
        ALL,
        BEFORE
    }

    /** @param length of the suffix */
    private record Rule(How how, int length, String first, Set<String> own) {}

    private final DomainTable<Rule> rules;

    private Tenants(DomainTable<Rule> rules) {
        this.rules = rules;
    }

    /** Some 50 platforms, read once per process. */
    public static Tenants shipped() {
        return Shipped.LIST;
    }

    /** Lower case; empty when the name shows none. */
    public String of(String host) {
        String name = (host.endsWith(".") ? host.substring(0, host.length() - 1) : host).toLowerCase(Locale.ROOT);
        @Nullable Rule rule = rules.find(name);
        return rule == null ? "" : tenant(name, rule);
    }

    private static String tenant(String name, Rule rule) {
        String before = name.substring(0, name.length() - rule.length - 1);
        String tenant =
                switch (rule.how) {
                    case LABEL -> before.substring(before.lastIndexOf('.') + 1);
                    case ALL -> before;
                    case BEFORE -> before(before, rule.first);
                };
        return rule.own.contains(tenant) ? "" : tenant;
    }

    /** Of {@code my.bucket.s3.eu-west-1} what stands before the last label that is {@code s3} or {@code s3-…}. */
    private static String before(String labels, String first) {
        String[] parts = labels.split("\\.", -1);
        for (int i = parts.length - 1; i > 0; i--) {
            if (parts[i].equals(first) || parts[i].startsWith(first + "-")) {
                return String.join(".", List.of(parts).subList(0, i));
            }
        }
        return "";
    }

    /** Read when first asked for. */
    private static final class Shipped {
        static final Tenants LIST = new Tenants(read());

        private static DomainTable<Rule> read() {
            DomainTable.Builder<Rule> table = DomainTable.builder((first, second) -> second);
            try (BufferedReader lines = open()) {
                for (@Nullable String line = lines.readLine(); line != null; line = lines.readLine()) {
                    if (!line.startsWith("#")) {
                        add(table, line.split("\t", -1));
                    }
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return table.build();
        }

        private static void add(DomainTable.Builder<Rule> table, String[] fields) {
            How how = How.valueOf(fields[0].toUpperCase(Locale.ROOT));
            int dot = fields[1].indexOf('.');
            String suffix = how == How.BEFORE ? fields[1].substring(dot + 1) : fields[1];
            String first = fields[1].substring(0, dot);
            Set<String> own = new HashSet<>(List.of(fields[2].split(",", -1)));
            table.add(DomainPattern.parse("*." + suffix).orElseThrow(), new Rule(how, suffix.length(), first, own));
        }

        private static BufferedReader open() {
            @Nullable InputStream in = Tenants.class.getResourceAsStream("tenants.tsv");
            if (in == null) {
                throw new IllegalStateException("no resource tenants.tsv");
            }
            return new BufferedReader(new InputStreamReader(in, UTF_8));
        }
    }
}
