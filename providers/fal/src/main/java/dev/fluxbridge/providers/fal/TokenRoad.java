package dev.fluxbridge.providers.fal;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fluxbridge.providers.BackendException.Reason;
import dev.fluxbridge.providers.fal.UploadExchange.Work;
import dev.fluxbridge.providers.http.BodySource;
import dev.fluxbridge.providers.http.Deadline;
import dev.fluxbridge.providers.http.HttpReply;
import dev.fluxbridge.providers.http.HttpRequest;
import java.net.URI;
import java.util.SortedMap;

/**
 * Uploads to the storage itself, with a token that stands in for the key.
 *
 * <p>Source: fal's Python client 1.0.1.
 */
final class TokenRoad implements UploadRoad {
  private final UploadExchange exchange;
  private final CdnTokens tokens;

  TokenRoad(UploadExchange exchange, CdnTokens tokens) {
    this.exchange = exchange;
    this.tokens = tokens;
  }

  /** Sends it with a token, and with a new one where the store does not take the old one. */
  private HttpReply send(HttpRequest request, Work work) {
    CdnTokens.Token token = tokens.get(work.deadline());
    HttpReply reply = exchange.send(request.with("Authorization", token.header()), work);
    if (reply.status() != 401) {
      return reply;
    }
    tokens.drop(token);
    return exchange.send(request.with("Authorization", tokens.get(work.deadline()).header()), work);
  }

  private HttpRequest post(URI uri, Cargo cargo, BodySource bytes) {
    return UploadExchange.with(
        cargo.lifecycle(),
        HttpRequest.postJson(uri, new byte[0])
            .carrying(new HttpRequest.Body(cargo.mediaType(), bytes))
            .with("Accept", "application/json")
            .with("X-Fal-File-Name", inHeader(cargo.name())));
  }

  /** A header takes printable ASCII only. */
  private static String inHeader(String name) {
    return name.replaceAll("[^ -~]", "_");
  }

  @Override
  public URI whole(Cargo cargo, BodySource bytes, Deadline deadline) {
    Work work = cargo.work(FalVerb.UPLOAD_PART, "the sending of", deadline);
    URI store = tokens.get(deadline).store();
    HttpReply reply = send(post(FalHosts.at(store, "/files/upload"), cargo, bytes), work);
    return exchange.address(answer(reply, work), "access_url", work);
  }

  private static ObjectNode answer(HttpReply reply, Work work) {
    if (!reply.ok()) {
      throw UploadExchange.refused(reply, work);
    }
    return Json.read(reply.text()).orElseThrow(() -> UploadExchange.senseless(reply, work));
  }

  @Override
  public InParts begin(Cargo cargo, Deadline deadline) {
    Work begin = cargo.work(FalVerb.UPLOAD_BEGIN, "the beginning of", deadline);
    URI store = tokens.get(deadline).store();
    HttpReply begun =
        send(
            post(FalHosts.at(store, "/files/upload/multipart"), cargo, BodySource.of(new byte[0])),
            begin);
    ObjectNode answer = answer(begun, begin);
    URI file = exchange.address(answer, "access_url", begin);
    if (!ofStorage(file, store)) {
      throw FalException.of(
          Reason.BAD_REPLY,
          "fal wants the parts at "
              + file.getHost()
              + ", which is not of its storage: the token does not go there");
    }
    String id =
        Json.text(answer, "uploadId")
            .filter(text -> text.matches("[A-Za-z0-9._~-]{1,1000}"))
            .orElseThrow(() -> UploadExchange.senseless(begun, begin));
    URI at = FalHosts.at(file, "/multipart/" + id);
    return new InParts() {
      @Override
      public String part(int number, BodySource bytes, Deadline until) {
        Work work = cargo.work(FalVerb.UPLOAD_PART, "part " + number + " of", until);
        HttpRequest request =
            HttpRequest.put(FalHosts.at(at, "/" + number))
                .with("Accept-Encoding", "identity")
                .carrying(new HttpRequest.Body(cargo.mediaType(), bytes));
        return UploadRoad.mark(send(request, work), work);
      }

      @Override
      public URI complete(SortedMap<Integer, String> marks, Deadline until) {
        Work work = cargo.work(FalVerb.UPLOAD_COMPLETE, "the completing of", until);
        byte[] body = Json.write(UploadRoad.parts(marks)).getBytes(UTF_8);
        HttpReply reply = send(HttpRequest.postJson(FalHosts.at(at, "/complete"), body), work);
        if (!reply.ok()) {
          throw UploadExchange.refused(reply, work);
        }
        return file;
      }
    };
  }

  /** The token goes to the store that it is for and to fal's other media hosts, nowhere else. */
  private static boolean ofStorage(URI uri, URI store) {
    boolean same =
        uri.getScheme().equalsIgnoreCase(store.getScheme())
            && uri.getHost().equalsIgnoreCase(store.getHost())
            && uri.getPort() == store.getPort();
    return same || uri.getHost().endsWith(".fal.media");
  }
}
