package io.postern.dns.message;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.dns.message.Query.Fault;
import io.postern.dns.message.Query.Read;
import java.io.IOException;
import java.util.HexFormat;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.xbill.DNS.Message;

class QueryReaderTest {

    private static final String NAME = "03777777 076578616d706c65 00 ";

    @Test
    void readsWhatIsAskedAndHow() {
        Query query = ((Read.Asks) read("1234 0110 0001 0000 0000 0001 03575757 076578616d706c65 00 001c 0001"
                        + "00 0029 1000 0000 8000 0000"))
                .query();
        assertThat(query.key().text()).isEqualTo("www.example");
        assertThat(query.key().type()).isEqualTo(28);
        assertThat(query.key().signatures()).isTrue();
        assertThat(query.key().unchecked()).isTrue();
        assertThat(query.udpSize()).isEqualTo(4096);
        assertThat(query.edns()).isTrue();
    }

    @ParameterizedTest(name = "{1}")
    @CsvSource(delimiter = '|', textBlock = """
            0000 0100 0002 0000 0000 0000 N 0001 0001 N 0001 0001          | two questions             | 1
            0000 0100 0000 0000 0000 0000                                  | none                      | 1
            0000 0100 0001 0001 0000 0000 N 0001 0001                      | with answers              | 1
            0000 0100 0001 0000 0000 ffff N 0001 0001                      | with more than there is   | 1
            0000 0100 0001 0000 0000 0000 N 0001 0001 00                   | with rubbish behind       | 1
            0000 0100 0001 0000 0000 0000 03777777 c00c 0001 0001          | a name that points        | 1
            0000 0100 0001 0000 0000 0000 40777777 00 0001 0001            | a label that is none      | 1
            0000 0100 0001 0000 0000 0000 N 0001                           | a question cut short      | 1
            0000 0100 0001 0000 0000 0002 N 0001 0001 00 0029 1000 00000000 0000 00 0029 1000 00000000 0000 | EDNS twice | 1
            0000 0100 0001 0000 0000 0001 N 0001 0001 00 0029 1000 00010000 0000 | a later EDNS        | 16
            0000 0100 0001 0000 0000 0001 N 0001 0001 00 0029 1000 00000000 0005 000c 0002 00 | an option cut short | 1
            0000 0100 0001 0000 0000 0001 N 0001 0001 00 0029 1000 00000000 0003 000c 00 | half an option | 1
            0000 0100 0001 0000 0000 0001 N 0001 0001 c0ff 00fa 00ff 00000000 0000 | a signature of a name that is none | 1
            0000 0100 0001 0000 0000 0001 N 0001 0001 00 0029 1000 00010000 0003 000c 00 | what a later EDNS may have | 16
            0000 0103 0001 0000 0000 0000 N 0001 0001                      | with an error             | 1
            0000 0100 0001 0000 0000 0000 N 0001 0003                      | class CH                  | 5
            0000 0000 0001 0000 0000 0000 N 0001 0001                      | no recursion              | 5
            0000 0100 0001 0000 0000 0000 N 00fc 0001                      | a whole zone              | 5
            0000 0100 0001 0000 0000 0000 N 00fa 0001                      | a signature               | 4
            """)
    void whatIsNotAQuestionGetsItsCode(String hex, String what, int rcode) {
        assertThat(read(hex.replace("N ", NAME)))
                .isInstanceOfSatisfying(
                        Read.Faulty.class,
                        faulty -> assertThat(faulty.rcode()).as(what).isEqualTo(rcode));
    }

    /** Who speaks EDNS is answered in it, also where what he says in it cannot be read (RFC 6891 section 7). */
    @ParameterizedTest(name = "{1}")
    @CsvSource(delimiter = '|', textBlock = """
            0001 00 0029 1000 00000000 0005 000c 0002 00                            | an option cut short   | 1
            0001 00 0029 1000 00008000 0003 000c 00                                 | half an option        | 1
            0002 00 0029 1000 00000000 0000 00 0029 1000 00000000 0000              | EDNS twice            | 1
            0002 00 0029 1000 00000000 0000 00 0029 1000 00010000 0000              | twice, once later     | 1
            0001 0161 00 0029 1000 00000000 0000                                    | EDNS of a name        | 1
            0001 00 0029 1000 00010000 0003 000c 00                                 | a later EDNS          | 16
            """)
    void whatIsWrongInEdnsIsToldInEdns(String rest, String what, int rcode) throws IOException {
        String hex = "1234 0100 0001 0000 0000 " + rest.substring(0, 5) + NAME + "0001 0001 " + rest.substring(5);
        Read.Faulty faulty = (Read.Faulty) read(hex);
        Message reply = new Message(Replies.error(faulty.query(), faulty.rcode(), OptionalInt.empty()));
        assertThat(reply.getRcode()).as(what).isEqualTo(rcode);
        assertThat(reply.getOPT()).as(what).isNotNull();
        assertThat(reply.getHeader().getID()).isEqualTo(0x1234);
        assertThat(reply.getQuestion().getName()).hasToString("www.example.");
    }

    /** Where a record's end is not known neither is what stands behind it. */
    @ParameterizedTest
    @CsvSource({
        "0001 00 0029 1000 00000000 0005 000c",
        "0001 00 0029 1000 00000000 0001 00 00",
        "0001 00 0029 1000 0000"
    })
    void whatHasNoEndIsNoEdns(String rest) throws IOException {
        String hex = "1234 0100 0001 0000 0000 " + rest.substring(0, 5) + NAME + "0001 0001 " + rest.substring(5);
        Read.Faulty faulty = (Read.Faulty) read(hex);
        Message reply = new Message(Replies.error(faulty.query(), faulty.rcode(), OptionalInt.empty()));
        assertThat(reply.getRcode()).isEqualTo(1);
        assertThat(reply.getOPT()).isNull();
        assertThat(reply.getQuestion()).isNull();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            0000 0100 0001 0000 0000 00     | SHORT
            0000 8100 0001 0000 0000 0000   | RESPONSE
            0000 2900 0001 0000 0000 0000   | OPCODE
            """)
    void whatCouldKeepTwoServersBusyIsAnsweredByNothing(String hex, Fault fault) {
        assertThat(read(hex)).isEqualTo(new Read.Unanswered(fault));
    }

    private static Read read(String hex) {
        return QueryReader.read(HexFormat.of().parseHex(hex.replace(" ", "")));
    }
}
