package dev.fluxbridge.providers.fal;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fluxbridge.providers.fal.UploadExchange.Work;
import dev.fluxbridge.providers.http.BodySource;
import dev.fluxbridge.providers.http.Deadline;
import dev.fluxbridge.providers.http.HttpReply;
import dev.fluxbridge.providers.http.HttpRequest;
import java.net.URI;
import java.util.SortedMap;

/**
 * Uploads to addresses that fal signs: they are the permission, so no key goes along.
 *
 * <p>Source: fal's JavaScript client 1.10.1, {@code storage.ts}.
 */
final class PresignedRoad implements UploadRoad {
  private static final String STORE = "?storage_type=fal-cdn-v3";

  private final UploadExchange exchange;

  PresignedRoad(UploadExchange exchange) {
    this.exchange = exchange;
  }

  /** Where fal wants the bytes and where it will serve them; tells neither. */
  private record Slot(URI upload, URI file) {
    @Override
    public String toString() {
      return "Slot[hidden]";
    }
  }

  private Slot initiate(String verb, Cargo cargo, Deadline deadline) {
    Work work = cargo.work(FalVerb.UPLOAD_BEGIN, "the beginning of", deadline);
    ObjectNode body =
        Json.object().put("content_type", cargo.mediaType()).put("file_name", cargo.name());
    ObjectNode answer =
        exchange.ask("/storage/upload/" + verb + STORE, body, cargo.lifecycle(), work);
    return new Slot(
        exchange.address(answer, "upload_url", work), exchange.address(answer, "file_url", work));
  }

  @Override
  public URI whole(Cargo cargo, BodySource bytes, Deadline deadline) {
    Work work = cargo.work(FalVerb.UPLOAD_PART, "the sending of", deadline);
    Slot slot = initiate("initiate", cargo, deadline);
    HttpReply reply = put(slot.upload, cargo, bytes, work);
    if (reply.status() == 403) {
      // the signature holds for minutes only, and the tries before may have taken longer
      slot = initiate("initiate", cargo, deadline);
      reply = put(slot.upload, cargo, bytes, work);
    }
    if (!reply.ok()) {
      throw UploadExchange.refused(reply, work);
    }
    return slot.file;
  }

  private HttpReply put(URI uri, Cargo cargo, BodySource bytes, Work work) {
    return exchange.send(
        HttpRequest.put(uri).carrying(new HttpRequest.Body(cargo.mediaType(), bytes)), work);
  }

  @Override
  public InParts begin(Cargo cargo, Deadline deadline) {
    Slot slot = initiate("initiate-multipart", cargo, deadline);
    return new InParts() {
      @Override
      public String part(int number, BodySource bytes, Deadline until) {
        Work work = cargo.work(FalVerb.UPLOAD_PART, "part " + number + " of", until);
        URI uri = below(slot.upload, "/" + number);
        HttpRequest request =
            HttpRequest.put(uri)
                .with("Accept-Encoding", "identity")
                // a part has no type of its own, and fal's clients name none
                .carrying(new HttpRequest.Body("", bytes));
        return UploadRoad.mark(exchange.send(request, work), work);
      }

      @Override
      public URI complete(SortedMap<Integer, String> marks, Deadline until) {
        Work work = cargo.work(FalVerb.UPLOAD_COMPLETE, "the completing of", until);
        byte[] body = Json.write(UploadRoad.parts(marks)).getBytes(UTF_8);
        HttpReply reply =
            exchange.send(HttpRequest.postJson(below(slot.upload, "/complete"), body), work);
        if (!reply.ok()) {
          throw UploadExchange.refused(reply, work);
        }
        return slot.file;
      }
    };
  }

  /** The address with more at the end of its path; the query holds the signature and stays. */
  private static URI below(URI signed, String more) {
    String text = signed.toString();
    int query = text.indexOf('?');
    String path = query < 0 ? text : text.substring(0, query);
    return URI.create(path + more + (query < 0 ? "" : text.substring(query)));
  }
}
