package io.postern.gateway;

import io.postern.gateway.identity.AddressOwner;
import io.postern.gateway.identity.AssignedAddresses;
import io.postern.gateway.identity.OwnerWords;
import io.postern.gateway.state.OwnFile;
import io.postern.wire.ip.Prefix;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What the admin API has assigned, kept over restarts: the gateway's own file, written whole at each change. Lines as those
 * of {@code identity.addresses-file}, and behind them when it ends, in milliseconds of Unix time, or {@code -}.
 */
final class AddressStore {

    private static final String FOREVER = "-";

    private final Path file;

    AddressStore(Path file) {
        this.file = file;
    }

    /** @throws IOException when there is something else in the file than {@link #write} left there */
    void read(AssignedAddresses into) throws IOException {
        if (!Files.exists(file)) {
            return;
        }
        int number = 0;
        for (String line : Files.readAllLines(file, StandardCharsets.US_ASCII)) {
            number++;
            Optional<AddressOwner> owner = owner(line.split(",", -1));
            if (owner.isEmpty() || !into.put(owner.get())) {
                throw new IOException(file + ":" + number + ": is not a line of this gateway; mend it, or put the file"
                        + " away and assign the addresses again");
            }
        }
    }

    private static Optional<AddressOwner> owner(String[] fields) {
        if (fields.length != 6 || !fields[5].matches(FOREVER + "|[0-9]{1,18}")) {
            return Optional.empty();
        }
        OwnerWords words = new OwnerWords(fields[1], fields[2], fields[3], fields[4]);
        long until = fields[5].equals(FOREVER) ? AddressOwner.FOREVER : Long.parseLong(fields[5]);
        try {
            return words.faults().isEmpty()
                    ? Optional.of(new AddressOwner(Prefix.parse(fields[0]), words.tag(), until))
                    : Optional.empty();
        } catch (IllegalArgumentException notAPrefix) {
            return Optional.empty();
        }
    }

    void write(List<AddressOwner> owners, Optional<AddressOwner> more) throws IOException {
        StringBuilder text = new StringBuilder();
        Stream.concat(owners.stream(), more.stream()).forEach(owner -> {
            OwnerWords words = OwnerWords.of(owner.tag());
            String until = owner.untilMillis() == AddressOwner.FOREVER ? FOREVER : Long.toString(owner.untilMillis());
            text.append(String.join(
                            ",",
                            owner.prefix().toString(),
                            words.device(),
                            words.profile(),
                            words.app(),
                            words.proof(),
                            until))
                    .append('\n');
        });
        OwnFile.replace(file, text.toString().getBytes(StandardCharsets.US_ASCII));
    }
}
