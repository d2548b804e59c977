package io.postern.gateway.admin;

import io.postern.config.document.Position;
import io.postern.config.document.Problem;
import io.postern.config.document.Problems;
import io.postern.config.document.Reading;
import io.postern.config.grammar.Units;
import io.postern.gateway.identity.OwnerWords;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The body of {@code PUT /v1/addresses/{prefix}}. */
record AddressBody(OwnerWords owner, Optional<Duration> ttl) {

    private static final Set<String> MEMBERS = Set.of("device", "profile", "app", "proof", "ttl");
    private static final Duration SHORTEST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofDays(3_650);

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /** The same of another device. */
    AddressBody of(String device) {
        return new AddressBody(new OwnerWords(device, owner.profile(), owner.app(), owner.proof()), ttl);
    }

    /** Every problem at once. */
    static Reading<AddressBody> read(byte[] body) {
        Problems problems = new Problems();
        Optional<JsonNode> document = document(body).filter(JsonNode::isObject);
        if (document.isEmpty()) {
            problems.add(wrong("", "is not one JSON object"));
            return Reading.refused(problems, new Problems());
        }
        JsonNode members = document.get();
        members.properties().forEach(member -> {
            if (!MEMBERS.contains(member.getKey())) {
                problems.add(wrong(member.getKey(), "there is no such member"));
            } else if (!member.getValue().isString()) {
                problems.add(wrong(member.getKey(), "must be a string"));
            }
        });
        if (!problems.none()) {
            return Reading.refused(problems, new Problems());
        }
        OwnerWords owner = new OwnerWords(
                members.path("device").asString(""),
                members.path("profile").asString("work"),
                members.path("app").asString("-"),
                members.path("proof").asString(OwnerWords.PROOF));
        owner.faults().forEach((part, fault) -> problems.add(wrong(part, fault)));
        Optional<Duration> ttl =
                Optional.ofNullable(members.get("ttl")).flatMap(text -> Units.duration(text.asString()));
        if (members.has("ttl")
                && ttl.filter(time -> time.compareTo(SHORTEST) >= 0 && time.compareTo(LONGEST) <= 0)
                        .isEmpty()) {
            problems.add(wrong("ttl", "must be a time from 1s to 3650d"));
        }
        return problems.none()
                ? Reading.of(new AddressBody(owner, ttl), new Problems())
                : Reading.refused(problems, new Problems());
    }

    private static Optional<JsonNode> document(byte[] body) {
        try {
            return Optional.of(JSON.readTree(body));
        } catch (JacksonException e) {
            return Optional.empty();
        }
    }

    private static Problem wrong(String member, String what) {
        return Problem.of(Position.of("body"), member, what);
    }
}
