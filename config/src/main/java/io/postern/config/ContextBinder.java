package io.postern.config;

import io.postern.analytics.context.FactKind;
import io.postern.config.document.Setting;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** {@code context}: from settings of the right shape to records. */
final class ContextBinder {

    private final FileTexts files;
    private final NetworkTexts networks;

    ContextBinder(FileTexts files, NetworkTexts networks) {
        this.files = files;
        this.networks = networks;
    }

    ContextSettings settings(Setting context) {
        return new ContextSettings(
                networks.bind(context.member("bind")),
                context.find("tls").map(files::tls),
                context.member("skew").duration(),
                context.member("kept").duration(),
                context.member("kept-bytes").size(),
                context.member("silence").duration(),
                context.member("batched-silence").duration(),
                context.member("devices").integer(),
                context.member("sources").items().stream().map(this::source).toList());
    }

    private ContextSettings.Source source(Setting source) {
        return new ContextSettings.Source(
                source.member("name").text(),
                source.find("token-file").map(files::path),
                source.find("client-certificate")
                        .map(certificate -> new ContextSettings.Certificate(
                                certificate.find("subject").map(Setting::text),
                                certificate.find("san").map(Setting::text))),
                source.find("push")
                        .map(push -> new ContextSettings.Push(
                                files.path(push.member("jwks-file")),
                                push.member("issuer").text(),
                                push.member("audience").text(),
                                push.member("email").text())),
                source.find("webhook").map(this::webhook),
                source.member("devices").texts(),
                source.member("reports").items().stream()
                        .map(kind -> SettingsBinder.constant(FactKind.class, kind))
                        .collect(Collectors.toUnmodifiableSet()),
                source.member("rate").integer(),
                source.member("profile").text());
    }

    private ContextSettings.Webhook webhook(Setting webhook) {
        Map<String, Map<String, String>> constants = new LinkedHashMap<>();
        webhook.member("constants").members().forEach((word, values) -> constants.put(word, texts(values)));
        return new ContextSettings.Webhook(
                webhook.find("items").map(Setting::text),
                webhook.find("id").map(Setting::text),
                webhook.member("device").text(),
                webhook.find("profile").map(Setting::text),
                webhook.member("time").text(),
                webhook.find("app").map(Setting::text),
                webhook.member("event").text(),
                texts(webhook.member("events")),
                texts(webhook.member("attributes")),
                constants,
                webhook.find("signature")
                        .map(signature -> new ContextSettings.Signature(
                                signature.member("header").text(),
                                signature.member("prefix").text(),
                                files.path(signature.member("secret-file")))));
    }

    private static Map<String, String> texts(Setting mapping) {
        Map<String, String> texts = new LinkedHashMap<>();
        mapping.members().forEach((key, value) -> texts.put(key, value.text()));
        return texts;
    }
}
