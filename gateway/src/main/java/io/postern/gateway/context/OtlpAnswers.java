package io.postern.gateway.context;

import com.google.protobuf.CodedOutputStream;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.postern.gateway.context.Sieve.LineError;
import io.postern.gateway.http.Answer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;

/**
 * Answers of OTLP/HTTP, in protobuf or its JSON as they were asked.
 *
 * <pre>
 * ExportLogsServiceResponse   1 partial_success {1 rejected_log_records   2 error_message}
 * google.rpc.Status           2 message
 * </pre>
 */
final class OtlpAnswers {

    private OtlpAnswers() {}

    static Answer partly(int rejected, List<LineError> errors, String type) {
        String message = errors.isEmpty()
                ? ""
                : "record " + errors.get(0).place() + ": " + errors.get(0).pointer() + " "
                        + errors.get(0).problem();
        if (type.equals(Answer.JSON)) {
            return Answer.json(
                    HttpResponseStatus.OK,
                    rejected == 0
                            ? Map.of()
                            : Map.of(
                                    "partialSuccess",
                                    Map.of("rejectedLogRecords", Integer.toString(rejected), "errorMessage", message)));
        }
        byte[] partial = written(out -> {
            out.writeInt64(1, rejected);
            out.writeString(2, message);
        });
        byte[] whole = rejected == 0 ? new byte[0] : written(out -> out.writeByteArray(1, partial));
        return new Answer(HttpResponseStatus.OK, type, whole, Map.of());
    }

    static Answer failure(HttpResponseStatus status, String message, String type) {
        return type.equals(Answer.JSON)
                ? Answer.json(status, Map.of("message", message))
                : new Answer(status, type, written(out -> out.writeString(2, message)), Map.of());
    }

    /** Writes fields. */
    private interface Fields {
        void to(CodedOutputStream out) throws IOException;
    }

    private static byte[] written(Fields fields) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        try {
            fields.to(out);
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }
}
