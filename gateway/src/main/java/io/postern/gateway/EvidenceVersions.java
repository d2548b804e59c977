package io.postern.gateway;

import io.postern.analytics.Verdict;
import io.postern.analytics.finding.Kept;
import io.postern.config.GatewaySettings;
import io.postern.config.policy.PolicyReader;
import io.postern.config.services.ServiceClasses;
import io.postern.gateway.rules.Judges;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** By what a finding came about and its flows were judged: policy, baseline, lists. Reads the policy's files. */
record EvidenceVersions(GatewaySettings settings, Judges judges, ServiceClasses services) {

    /** @param flows its records */
    JsonNode of(Kept kept, List<JsonNode> flows) {
        ObjectNode all = JsonMapper.shared().createObjectNode();
        ObjectNode policy = all.putObject("policy");
        policy.put("version", judges.rules().version());
        SortedMap<Path, byte[]> documents = PolicyReader.documents(
                settings.policy().files(), settings.policy().base());
        policy.put("sha256", sha256(documents.values()));
        documents.forEach((file, bytes) -> policy.withArray("documents")
                .addObject()
                .put("name", file.getFileName().toString())
                .put("bytes", bytes.length)
                .put("sha256", sha256(List.of(bytes))));
        Map<String, Integer> judged = new TreeMap<>();
        flows.forEach(flow -> judged.merge(flow.at("/policy/version").asString(""), 1, Integer::sum));
        ObjectNode by = policy.putObject("flows_judged_by");
        judged.forEach(by::put);
        all.put("baseline", kept.baseline().isEmpty() ? "none" : kept.baseline());
        all.put("action", label(kept.action()));
        all.putObject("service_classes")
                .put("source", services.provenance().source())
                .put("date", services.provenance().date())
                .put("patterns", services.provenance().patterns());
        all.put("gateway", Version.text());
        return all;
    }

    private static String label(Verdict.Action action) {
        return action.name().toLowerCase(Locale.ROOT);
    }

    /** Of all of them, one behind the other. */
    static String sha256(Iterable<byte[]> parts) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            parts.forEach(digest::update);
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
