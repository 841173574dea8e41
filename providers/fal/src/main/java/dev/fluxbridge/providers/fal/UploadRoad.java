package dev.fluxbridge.providers.fal;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fluxbridge.providers.http.BodySource;
import dev.fluxbridge.providers.http.Deadline;
import dev.fluxbridge.providers.http.HttpReply;
import java.net.URI;
import java.util.Map;
import java.util.SortedMap;

/** A way into fal's storage. */
interface UploadRoad {

  /** Uploads in one piece and returns the file's address. */
  URI whole(Cargo cargo, BodySource bytes, Deadline deadline);

  /** Begins an upload in parts. */
  InParts begin(Cargo cargo, Deadline deadline);

  /**
   * What is uploaded, but for its bytes.
   *
   * @param label how messages call it
   * @param name the name for fal
   * @param mediaType for example {@code image/png}
   * @param lifecycle what fal shall do with it
   */
  record Cargo(String label, String name, String mediaType, FalLifecycle lifecycle) {
    UploadExchange.Work work(FalVerb verb, String piece, Deadline deadline) {
      return new UploadExchange.Work(verb, piece + " the upload of " + label, deadline);
    }
  }

  /** An upload in parts that has begun. */
  interface InParts {

    /** Sends one part, numbered from 1, and returns its mark. Safe to repeat. */
    String part(int number, BodySource bytes, Deadline deadline);

    /** Puts the parts together and returns the file's address. */
    URI complete(SortedMap<Integer, String> marks, Deadline deadline);
  }

  /** The marks of all parts, as both roads complete with them. */
  static ObjectNode parts(SortedMap<Integer, String> marks) {
    ObjectNode body = Json.object();
    ArrayNode parts = body.putArray("parts");
    for (Map.Entry<Integer, String> mark : marks.entrySet()) {
      parts.addObject().put("partNumber", mark.getKey()).put("etag", mark.getValue());
    }
    return body;
  }

  /** The mark of a part, from the answer's body or header; a store without one is no store. */
  static String mark(HttpReply reply, UploadExchange.Work work) {
    if (!reply.ok()) {
      throw UploadExchange.refused(reply, work);
    }
    return Json.read(reply.text())
        .flatMap(body -> Json.text(body, "etag"))
        .or(() -> reply.headers().first("ETag"))
        .map(String::strip)
        // something in between packed the answer; the store knows its mark without that
        .map(mark -> mark.startsWith("W/") ? mark.substring(2) : mark)
        .filter(mark -> !mark.isEmpty())
        .orElseThrow(() -> UploadExchange.senseless(reply, work));
  }
}
