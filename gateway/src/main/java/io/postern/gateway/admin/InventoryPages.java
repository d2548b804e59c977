package io.postern.gateway.admin;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.postern.analytics.flow.AppKey;
import io.postern.gateway.http.Answer;
import io.postern.gateway.http.Refused;
import io.postern.gateway.privacy.Pseudonyms;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** {@code /v1/inventory}: the apps of devices, and approvals somebody should look at. */
final class InventoryPages {

    private final InventoryDesk desk;
    private final Work work;
    private final Pseudonyms names;

    InventoryPages(InventoryDesk desk, Work work) {
        this(desk, work, Pseudonyms.NONE);
    }

    /** @param names what devices are called */
    InventoryPages(InventoryDesk desk, Work work, Pseudonyms names) {
        this.desk = desk;
        this.work = work;
        this.names = names;
    }

    /** @param next cursor of the next page; absent on the last */
    record Page(
            List<InventoryDesk.Installed> apps,
            @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<String> next) {}

    CompletionStage<Answer> list(Request request) {
        try {
            int limit = FlowQuery.limit(request.query());
            InventoryDesk.Query query = query(request, limit + 1);
            return work.read(() -> page(desk.list(query), limit));
        } catch (Refused refused) {
            return refused.answer().done();
        }
    }

    private InventoryDesk.Query query(Request request, int most) throws Refused {
        Map<String, String> query = request.query();
        Optional<String> cursor = Optional.ofNullable(query.get("cursor"));
        Optional<AppKey> after = cursor.flatMap(this::key);
        if (cursor.isPresent() && after.isEmpty()) {
            throw new Refused(HttpResponseStatus.BAD_REQUEST, "cursor must be one that a page gave");
        }
        Optional<Boolean> managed = request.flag("managed");
        if (managed.isEmpty()) {
            throw new Refused(HttpResponseStatus.BAD_REQUEST, "managed must be true or false");
        }
        return new InventoryDesk.Query(
                Optional.ofNullable(query.get("device")),
                Optional.ofNullable(query.get("profile")),
                Optional.ofNullable(query.get("app")),
                query.containsKey("managed") ? managed : Optional.empty(),
                after,
                most);
    }

    private Optional<AppKey> key(String cursor) {
        try {
            String[] words = new String(Base64.getUrlDecoder().decode(cursor), UTF_8).split("\n", -1);
            return words.length == 3
                    ? names.meant(words[0], true).map(device -> new AppKey(device, words[1], words[2]))
                    : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private Answer page(List<InventoryDesk.Installed> found, int limit) {
        List<InventoryDesk.Installed> page = found.subList(0, Math.min(limit, found.size())).stream()
                .map(one -> one.of(names.of(one.device())))
                .toList();
        return Answer.json(
                HttpResponseStatus.OK,
                new Page(page, found.size() > limit ? Optional.of(cursor(page.get(limit - 1))) : Optional.empty()));
    }

    private static String cursor(InventoryDesk.Installed last) {
        String names = String.join("\n", last.device(), last.profile(), last.app());
        return Base64.getUrlEncoder().withoutPadding().encodeToString(names.getBytes(UTF_8));
    }

    CompletionStage<Answer> reports(Request request) {
        return work.read(() -> Answer.json(HttpResponseStatus.OK, desk.reports()));
    }
}
