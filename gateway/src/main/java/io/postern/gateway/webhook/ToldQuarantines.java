package io.postern.gateway.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.postern.gateway.quarantine.Quarantine;
import io.postern.gateway.state.Store;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which quarantines the receiver was told of and not yet of their end: what a process that was killed had stored and not told is
 * told by the next, under the id that the letter would have had. As many as may stand. For one thread at a time.
 */
public final class ToldQuarantines {

    private static final Logger LOG = LoggerFactory.getLogger(ToldQuarantines.class);
    private static final int PAGE = 256;
    private static final byte[] TOLD = {1};
    /** No quarantine is called so. */
    private static final String BEGUN = "-";

    private final Store.Table table;

    /** @throws IOException when the store fails */
    public ToldQuarantines(Store store) throws IOException {
        table = store.table("webhook-quarantines");
    }

    /**
     * Those of which something is still to be told, those that stand first; what is not known any more is forgotten. The first time there is a
     * receiver what stands is taken as told.
     *
     * @throws IOException when the store fails
     */
    public List<Quarantine> untold(List<Quarantine> standing, List<Quarantine> ended) throws IOException {
        Set<String> known = new HashSet<>();
        Stream.concat(standing.stream(), ended.stream()).forEach(one -> known.add(one.id()));
        if (table.get(key(BEGUN)).isEmpty()) {
            standing.forEach(this::told);
            table.put(key(BEGUN), TOLD);
            return List.of();
        }
        known.add(BEGUN);
        Set<String> told = new HashSet<>();
        for (String id : ids()) {
            if (known.contains(id)) {
                told.add(id);
            } else {
                table.remove(key(id));
            }
        }
        return Stream.concat(
                        standing.stream().filter(one -> !told.contains(one.id())),
                        ended.stream().filter(one -> told.contains(one.id())))
                .toList();
    }

    private List<String> ids() throws IOException {
        List<String> all = new ArrayList<>();
        byte[] from = {0};
        List<Store.Entry> page = table.range(from, PAGE);
        while (!page.isEmpty()) {
            page.forEach(one -> all.add(new String(one.key(), UTF_8)));
            byte[] last = page.get(page.size() - 1).key();
            from = Arrays.copyOf(last, last.length + 1);
            page = table.range(from, PAGE);
        }
        return all;
    }

    /** Its letter is among those that wait. On the disk with the store's next sync; until then a crash has it told twice. */
    public void told(Quarantine one) {
        try {
            if (one.end().isPresent()) {
                table.remove(key(one.id()));
            } else {
                table.put(key(one.id()), TOLD);
            }
        } catch (IOException e) {
            LOG.warn("the next start tells the webhook of quarantine {} again: {}", one.id(), e.toString());
        }
    }

    private static byte[] key(String id) {
        return id.getBytes(UTF_8);
    }
}
