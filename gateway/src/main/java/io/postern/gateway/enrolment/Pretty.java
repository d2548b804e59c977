package io.postern.gateway.enrolment;

import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** JSON as people read it. */
final class Pretty {

    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private Pretty() {}

    static String text(ObjectNode document) {
        return JSON.writeValueAsString(document) + "\n";
    }
}
