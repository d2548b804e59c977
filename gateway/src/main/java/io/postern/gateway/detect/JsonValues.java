package io.postern.gateway.detect;

import java.util.Map;
import java.util.function.Consumer;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.exc.StreamReadException;

/** Values of one line of JSON as they come, each of the kind it must be; what is of another is {@link Wrong}. */
final class JsonValues {

    private static final Map<JsonToken, String> KINDS = Map.of(
            JsonToken.START_OBJECT, "an object",
            JsonToken.START_ARRAY, "a list",
            JsonToken.END_ARRAY, "a list of three",
            JsonToken.VALUE_STRING, "a text",
            JsonToken.VALUE_NUMBER_INT, "a whole number");

    private JsonValues() {}

    /** Takes one member, at whose value the parser is, and leaves it at the end of that. */
    interface Member {
        void take(JsonParser json, String name);
    }

    static void object(JsonParser json, Member member) {
        expect(json, JsonToken.START_OBJECT);
        for (String each = json.nextName(); each != null; each = json.nextName()) {
            json.nextToken();
            member.take(json, each);
        }
    }

    static void objects(JsonParser json, Member member) {
        expect(json, JsonToken.START_ARRAY);
        while (json.nextToken() != JsonToken.END_ARRAY) {
            object(json, member);
        }
    }

    static void texts(JsonParser json, Consumer<String> each) {
        expect(json, JsonToken.START_ARRAY);
        while (json.nextToken() != JsonToken.END_ARRAY) {
            each.accept(text(json));
        }
    }

    static String text(JsonParser json) {
        expect(json, JsonToken.VALUE_STRING);
        return json.getString();
    }

    static long number(JsonParser json, long most) {
        expect(json, JsonToken.VALUE_NUMBER_INT);
        long number = json.getLongValue();
        if (number < 0 || number > most) {
            throw new Wrong(json, "is " + number + ", must be 0 to " + most);
        }
        return number;
    }

    /** @param most inclusive, from 0 */
    static double decimal(JsonParser json, double most) {
        if (json.currentToken() != JsonToken.VALUE_NUMBER_FLOAT && json.currentToken() != JsonToken.VALUE_NUMBER_INT) {
            throw new Wrong(json, "must be a number");
        }
        double number = json.getDoubleValue();
        if (!(number >= 0 && number <= most)) {
            throw new Wrong(json, "is " + number + ", must be 0 to " + most);
        }
        return number;
    }

    static boolean truth(JsonParser json) {
        if (json.currentToken() != JsonToken.VALUE_TRUE && json.currentToken() != JsonToken.VALUE_FALSE) {
            throw new Wrong(json, "must be true or false");
        }
        return json.getBooleanValue();
    }

    static void expect(JsonParser json, JsonToken token) {
        if (json.currentToken() != token) {
            throw new Wrong(json, "must be " + KINDS.getOrDefault(token, "something else"));
        }
    }

    /** A value of another kind than its member has. */
    static final class Wrong extends StreamReadException {
        private static final long serialVersionUID = 1;

        Wrong(JsonParser json, String what) {
            super(json, json.streamReadContext().pathAsPointer() + " " + what);
        }

        /** In one line, without any of the line's text but the names of members we know. */
        static String text(JacksonException fault) {
            return fault instanceof Wrong
                    ? fault.getOriginalMessage()
                    : "is no JSON"
                            + (fault.getLocation() == null
                                    ? ""
                                    : ", column " + fault.getLocation().getColumnNr());
        }
    }
}
