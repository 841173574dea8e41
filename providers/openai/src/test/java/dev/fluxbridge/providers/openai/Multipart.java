package dev.fluxbridge.providers.openai;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import mockwebserver3.RecordedRequest;

/**
 * One part of a multipart body.
 *
 * @param name the field
 * @param filename of a file
 * @param type its media type
 * @param bytes what it holds
 */
@SuppressWarnings("ArrayRecordComponent")
record Multipart(String name, Optional<String> filename, String type, byte[] bytes) {
  private static final Pattern HEAD =
      Pattern.compile(
          "Content-Disposition: form-data; name=\"([^\"]*)\"(?:; filename=\"([^\"]*)\")?\r\n"
              + "Content-Type: ([^\r]*)");

  static List<Multipart> of(RecordedRequest request) {
    String type = Objects.requireNonNull(request.getHeaders().get("Content-Type"));
    String boundary = "--" + type.replaceAll(".*boundary=", "");
    String body = new String(request.getBody().toByteArray(), ISO_8859_1);
    List<Multipart> parts = new ArrayList<>();
    String[] pieces = body.split(Pattern.quote(boundary), -1);
    for (int i = 1; i < pieces.length - 1; i++) {
      int end = pieces[i].indexOf("\r\n\r\n");
      Matcher head = HEAD.matcher(pieces[i].substring(0, end));
      if (!head.find()) {
        throw new AssertionError("not the head of a part: " + pieces[i].substring(0, end));
      }
      String content = pieces[i].substring(end + 4, pieces[i].length() - 2);
      parts.add(
          new Multipart(
              head.group(1),
              Optional.ofNullable(head.group(2)),
              head.group(3),
              content.getBytes(ISO_8859_1)));
    }
    return parts;
  }
}
