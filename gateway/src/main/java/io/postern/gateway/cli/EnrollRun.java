package io.postern.gateway.cli;

import io.postern.config.GatewaySettings;
import io.postern.config.GatewaySettings.TagKey;
import io.postern.config.SecretFile;
import io.postern.config.document.Reading;
import io.postern.gateway.enrolment.DeviceList;
import io.postern.gateway.enrolment.Enrollee;
import io.postern.gateway.enrolment.Enrolment;
import io.postern.gateway.enrolment.ProfileFolder;
import io.postern.gateway.enrolment.ProfileFolder.Issued;
import io.postern.gateway.enrolment.ProfileFormat;
import io.postern.gateway.identity.IdentityFiles;
import io.postern.gateway.identity.Revoked;
import io.postern.gateway.identity.TagKeyMaterial;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** One run of {@code enroll} whose options are in order. */
final class EnrollRun {

    /**
     * For whom, and where to.
     *
     * @param device the one device
     * @param devices or a list of them; of neither the manifest's in {@code out}
     * @param profile of lines of the list that have none
     * @param apps likewise
     * @param within renews what is good for less
     */
    record Wanted(
            Optional<Enrollee> device,
            Optional<Path> devices,
            String profile,
            List<String> apps,
            Optional<Path> out,
            Optional<Duration> within,
            boolean json) {}

    private final Wanted wanted;
    private final GatewaySettings.Identity identity;
    private final ProfileFormat kind;
    private final Enrolment.Offer offer;
    private final TagKey first;
    private final Clock clock;
    private final PrintWriter to;
    private final PrintWriter err;
    private int revoked;

    EnrollRun(
            Wanted wanted,
            GatewaySettings.Identity identity,
            ProfileFormat kind,
            Enrolment.Offer offer,
            Clock clock,
            PrintWriter to,
            PrintWriter err) {
        this.wanted = wanted;
        this.identity = identity;
        this.kind = kind;
        this.offer = offer;
        this.first = identity.tagKeys().get(0);
        this.clock = clock;
        this.to = to;
        this.err = err;
    }

    int run() throws IOException {
        Optional<ProfileFolder> folder = wanted.out().isPresent()
                ? Optional.of(ProfileFolder.open(wanted.out().get()))
                : Optional.empty();
        List<String> faults = new ArrayList<>();
        List<Enrollee> asked = believed(asked(folder, faults), faults);
        if (!faults.isEmpty()) {
            faults.forEach(err::println);
            return Postern.BAD_USAGE_OR_CONFIGURATION;
        }
        Optional<TagKeyMaterial> key = kind.tags() ? Optional.of(key()) : Optional.empty();
        if (folder.isEmpty()) {
            print(asked, key);
        } else {
            write(asked, key, folder.get());
        }
        return Postern.OK;
    }

    private List<Enrollee> asked(Optional<ProfileFolder> folder, List<String> faults) throws IOException {
        if (wanted.devices().isPresent()) {
            DeviceList list =
                    DeviceList.read(wanted.devices().get(), wanted.profile(), wanted.apps(), first.id(), kind);
            faults.addAll(list.faults());
            return list.devices();
        }
        if (wanted.device().isPresent()) {
            return wanted.device().stream().toList();
        }
        List<Issued> before = List.copyOf(folder.orElseThrow().all());
        before.stream()
                .filter(issued -> !issued.format().equals(kind.label()))
                .findFirst()
                .ifPresent(other -> faults.add("--format: is " + kind.label() + ", "
                        + wanted.out().orElseThrow() + " holds " + other.format()));
        return before.stream().map(Issued::who).toList();
    }

    /** Without the revoked, who could not use what they were issued; each is told. */
    private List<Enrollee> believed(List<Enrollee> asked, List<String> faults) {
        Reading<Revoked> reading = IdentityFiles.revokedByNow(identity.revokedFile());
        reading.problems().forEach(problem -> faults.add(problem.toString()));
        Revoked revoked = reading.value().orElse(Revoked.NOTHING);
        List<Enrollee> believed = new ArrayList<>();
        for (Enrollee who : asked) {
            if (!revoked.holds(new Revoked.Entry(Revoked.Kind.DEVICE, who.device()))) {
                believed.add(who);
            } else if (wanted.device().isPresent()) {
                faults.add("--device: '" + who.device() + "' is revoked");
            } else {
                err.println(who.device() + ", profile " + who.profile() + ": is revoked, left out");
            }
        }
        this.revoked = asked.size() - believed.size();
        return believed;
    }

    private TagKeyMaterial key() throws IOException {
        if (!Files.exists(first.secretFile())) {
            throw new IOException(first.secretFile() + " does not exist; serve makes it at its first start");
        }
        return new TagKeyMaterial(first.id(), SecretFile.read(first.secretFile()));
    }

    private String text(Enrollee who, Optional<TagKeyMaterial> key) {
        return kind.text(
                key.isPresent()
                        ? Enrolment.sign(who, key.get(), identity.tenant(), offer)
                        : new Enrolment(who, Map.of(), offer));
    }

    private void print(List<Enrollee> asked, Optional<TagKeyMaterial> key) {
        for (Enrollee who : asked) {
            if (wanted.devices().isEmpty() && !wanted.json()) {
                to.print(text(who, key));
            } else {
                ObjectNode line = JsonNodeFactory.instance.objectNode();
                line.put("device", who.device()).put("profile", who.profile());
                who.apps().forEach(line.putArray("apps")::add);
                line.put("format", kind.label());
                if (kind.tags()) {
                    line.put("until", offer.until().toString());
                }
                line.put("text", text(who, key));
                to.print(JsonMapper.shared().writeValueAsString(line) + "\n");
            }
        }
        to.flush();
    }

    private void write(List<Enrollee> asked, Optional<TagKeyMaterial> key, ProfileFolder folder) throws IOException {
        Set<String> keys = identity.tagKeys().stream().map(TagKey::id).collect(Collectors.toSet());
        String digest = offer.digest(identity.tenant());
        List<Enrollee> due =
                asked.stream().filter(who -> due(who, folder, keys, digest)).toList();
        ProgressBar progress = new ProgressBar(err, "profiles", due.size(), Boolean.getBoolean("postern.terminal"));
        int done = 0;
        for (Enrollee who : due) {
            folder.write(
                    who, kind, text(who, key), key.map(some -> offer.until()), key.map(TagKeyMaterial::id), digest);
            progress.at(++done);
        }
        folder.close();
        progress.done();
        told(due.size(), asked.size() - due.size(), folder);
    }

    /** Whether what was issued before is missing, other than asked for now, about to expire or no longer believed. */
    private boolean due(Enrollee who, ProfileFolder folder, Set<String> keys, String digest) {
        Optional<Issued> before = folder.issued(who);
        if (wanted.within().isEmpty() || before.isEmpty()) {
            return true;
        }
        Instant soon = clock.instant().plus(wanted.within().get());
        return !before.get().who().equals(who)
                || !before.get().format().equals(kind.label())
                || before.get().until().filter(soon::isBefore).isEmpty()
                || before.get().offer().filter(digest::equals).isEmpty()
                || before.get().key().filter(keys::contains).isEmpty();
    }

    private void told(int issued, int left, ProfileFolder folder) {
        String where = wanted.out().orElseThrow().toString();
        if (wanted.json()) {
            ObjectNode summary = JsonNodeFactory.instance.objectNode();
            summary.put("issued", issued)
                    .put("left", left)
                    .put("revoked", revoked)
                    .put("total", folder.all().size());
            if (kind.tags()) {
                summary.put("until", offer.until().toString());
            }
            to.println(JsonMapper.shared().writeValueAsString(summary.put("out", where)));
        } else {
            to.println(where + ": issued " + issued + ", left alone " + left
                    + (revoked > 0 ? ", left out as revoked " + revoked : "")
                    + (kind.tags() && issued > 0 ? ", good until " + offer.until() : ""));
        }
    }
}
