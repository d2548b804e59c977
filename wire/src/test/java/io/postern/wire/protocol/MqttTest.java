package io.postern.wire.protocol;

import io.postern.wire.Parse;
import io.postern.wire.ParserContract;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MqttTest {

    private static final MqttConnectParser CONNECTS = new MqttConnectParser();
    private static final MqttConnackParser CONNACKS = new MqttConnackParser();

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\'', textBlock = """
            10 0e 0004 "MQTT" 04 02 003c       | 4 | 60 | false | false
            10 1a 0004 "MQTT" 05 c2 0000       | 5 | 0  | true  | false
            10 8001 0004 "MQTT" 84 06 000a     | 4 | 10 | false | true
            10 0e 0006 "MQIsdp" 03 82 ffff     | 3 | 65535 | true | false
            """)
    void clientsConnect(String message, int level, int keepAlive, boolean user, boolean will) {
        ParserContract.check(CONNECTS, Hex.bytes(message), new MqttConnect(level, keepAlive, user, will));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "11 0e 0004 \"MQTT\" 04 02 003c",
                "10 00 0004 \"MQTT\" 04 02 003c",
                "10 ffffffff 0004 \"MQTT\" 04 02 003c",
                "10 0e 0004 \"MQTS\" 04 02 003c",
                "10 0e 0004 \"MQTT\" 03 02 003c",
                "10 0e 0006 \"MQIsdp\" 04 02 003c",
                "10 0e 0004 \"MQTT\" 04 03 003c",
                "16 0301 00c4 01 0000c0"
            })
    void noConnect(String message) {
        ParserContract.refuses(CONNECTS, Hex.bytes(message), new Parse.NotThis<>());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"20 02 00 00  90 03", "20 02 01 00  31 18", "20 06 00 00 03 21 000a  d0 00", "20 02 00 00  62 02"
            })
    void brokersAnswer(String message) {
        ParserContract.check(CONNACKS, Hex.bytes(message), new MqttConnack(0));
    }

    /** The refusal among them: a broker says nothing behind it. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "20 02 00 05  90 03",
                "20 02 02 00  90 03",
                "20 01 00 00  90 03",
                "20 02 00 00  10 0e",
                "20 02 00 00  d0 02",
                "20 02 00 00  36 10",
                "20 02 00 00  90 02",
                "\"  HTTP\"",
                "d0 00"
            })
    void noAnswer(String message) {
        ParserContract.refuses(CONNACKS, Hex.bytes(message), new Parse.NotThis<>());
    }
}
