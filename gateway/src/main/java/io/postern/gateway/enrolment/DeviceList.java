package io.postern.gateway.enrolment;

import io.postern.gateway.identity.DeviceId;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A fleet as a file, one device's profile a line; CSV (RFC 4180) with a header, or NDJSON:
 *
 * <pre>
 * device,profile,address,apps
 * LC01,work,10.66.0.1,com.acme.mail com.acme.chat
 * LC02,work,10.66.0.2,com.acme.mail,-
 *
 * {"device": "LC01", "profile": "work", "address": "10.66.0.1 fd66::1", "apps": ["com.acme.mail", "com.acme.chat"]}
 * </pre>
 *
 * Only the device must be there. Addresses and apps are parted by blanks, and where theirs is the last column by commas as well; a
 * line without a profile or apps gets those of the command line.
 *
 * @param faults of every line that is not taken, with its number
 */
public record DeviceList(List<Enrollee> devices, List<String> faults) {

    static final int MAX_LINES = 1_000_000;
    private static final int MAX_LINE = 16 * 1024;
    private static final List<String> COLUMNS = List.of("device", "profile", "address", "apps");

    /**
     * Reads all of it, however much is wrong.
     *
     * @param profile of lines without one
     * @param apps of lines without any
     */
    public static DeviceList read(Path file, String profile, List<String> apps, String keyId, ProfileFormat format)
            throws IOException {
        Reader reader = new Reader(file, profile, apps, keyId, format);
        try (BufferedReader lines = Files.newBufferedReader(file)) {
            String line;
            while ((line = lines.readLine()) != null && reader.line(line)) {}
        } catch (MalformedInputException e) {
            throw new IOException(file + " is not UTF-8", e);
        }
        return new DeviceList(reader.devices, reader.faults);
    }

    private static final class Reader {

        private final Path file;
        private final String profile;
        private final List<String> apps;
        private final String keyId;
        private final ProfileFormat format;
        private final List<Enrollee> devices = new ArrayList<>();
        private final List<String> faults = new ArrayList<>();
        private final Map<String, Integer> seen = new HashMap<>();
        private List<String> columns = List.of();
        private int number;

        Reader(Path file, String profile, List<String> apps, String keyId, ProfileFormat format) {
            this.file = file;
            this.profile = profile;
            this.apps = apps;
            this.keyId = keyId;
            this.format = format;
        }

        /** @return whether to go on */
        boolean line(String line) {
            number++;
            String text = number == 1 && line.startsWith("\uFEFF") ? line.substring(1) : line;
            if (number > MAX_LINES) {
                fault("is more than the " + MAX_LINES + " lines a list may have");
                return false;
            }
            if (text.length() > MAX_LINE) {
                fault("has " + text.length() + " characters, must have at most " + MAX_LINE);
            } else if (text.startsWith("{")) {
                json(text);
            } else if (!text.isBlank() && !text.startsWith("#")) {
                csv(text);
            }
            return columns.isEmpty() || columns.contains("device");
        }

        private void csv(String line) {
            Optional<List<String>> fields = fields(line);
            if (fields.isEmpty()) {
                fault("has a quote that is not closed or stands inside a field");
            } else if (columns.isEmpty()) {
                header(fields.get());
            } else {
                row(fields.get());
            }
        }

        private void header(List<String> names) {
            columns = names;
            names.stream()
                    .filter(name -> !COLUMNS.contains(name))
                    .forEach(
                            name -> fault("has a column '" + name + "', must be among device, profile, address, apps"));
            if (!names.contains("device")) {
                fault("has no column device; the first line must name the columns");
            }
        }

        private void row(List<String> fields) {
            boolean appsLast = columns.get(columns.size() - 1).equals("apps");
            if (fields.size() > columns.size() && !appsLast) {
                fault("has " + fields.size() + " fields, must have at most " + columns.size());
                return;
            }
            List<String> named = new ArrayList<>();
            for (int i = columns.indexOf("apps"); i >= 0 && i < fields.size(); i = appsLast ? i + 1 : fields.size()) {
                named.addAll(List.of(fields.get(i).strip().split("\\s+")));
            }
            named.removeIf(String::isEmpty);
            add(column(fields, "device"), column(fields, "profile"), column(fields, "address"), named);
        }

        private String column(List<String> fields, String name) {
            int index = columns.indexOf(name);
            return index < 0 || index >= fields.size() ? "" : fields.get(index).strip();
        }

        private void json(String line) {
            JsonNode node;
            try {
                node = JsonMapper.shared().readTree(line);
            } catch (JacksonException e) {
                fault("is not JSON: " + e.getOriginalMessage());
                return;
            }
            Optional<String> unknown = node.propertyNames().stream()
                    .filter(name -> !COLUMNS.contains(name))
                    .findFirst();
            if (unknown.isPresent()) {
                fault("has a member '" + unknown.get() + "', must be among device, profile, address, apps");
                return;
            }
            for (String member : node.propertyNames()) {
                boolean apps = member.equals("apps");
                JsonNode value = node.path(member);
                if (apps ? !value.isArray() : !value.isString()) {
                    fault("has a member '" + member + "' that is " + value + ", must be "
                            + (apps ? "an array of packages" : "a string"));
                    return;
                }
            }
            List<String> named = new ArrayList<>();
            node.path("apps").forEach(app -> named.add(app.asString("")));
            add(
                    node.path("device").asString(""),
                    node.path("profile").asString(""),
                    node.path("address").asString(""),
                    named);
        }

        private void add(String device, String named, String address, List<String> packages) {
            Enrollee who = new Enrollee(
                    DeviceId.of(device),
                    named.isEmpty() ? profile : named,
                    packages.isEmpty() ? apps : packages,
                    address.isEmpty() ? List.of() : List.of(address.split("\\s+")));
            List<String> wrong = new ArrayList<>(who.faults(keyId));
            wrong.addAll(format.faults(who));
            wrong.forEach(this::fault);
            Integer before = seen.putIfAbsent(who.device() + "." + who.profile(), number);
            if (before != null) {
                fault("is device " + who.device() + ", profile " + who.profile() + " again, first on line " + before);
            } else if (wrong.isEmpty()) {
                devices.add(who);
            }
        }

        private void fault(String what) {
            faults.add(file + ":" + number + ": " + what);
        }

        /** RFC 4180 section 2 without line breaks inside fields; empty when the quotes do not match. */
        private static Optional<List<String>> fields(String line) {
            List<String> fields = new ArrayList<>();
            StringBuilder field = new StringBuilder();
            boolean quoted = false;
            boolean closed = false;
            for (int i = 0; i < line.length(); i++) {
                char c = line.charAt(i);
                if (quoted && c == '"' && i + 1 < line.length() && line.charAt(i + 1) == '"') {
                    field.append(c);
                    i++;
                } else if (quoted && c == '"') {
                    quoted = false;
                    closed = true;
                } else if (!quoted && c == ',') {
                    fields.add(field.toString());
                    field.setLength(0);
                    closed = false;
                } else if (!quoted && c == '"' && field.isEmpty() && !closed) {
                    quoted = true;
                } else if (!quoted && (c == '"' || closed)) {
                    return Optional.empty();
                } else {
                    field.append(c);
                }
            }
            fields.add(field.toString());
            return quoted ? Optional.empty() : Optional.of(fields);
        }
    }
}
