package dev.fluxbridge.providers.openai;

import com.openai.core.http.HttpResponseFor;
import com.openai.errors.OpenAIInvalidDataException;
import com.openai.models.images.Image;
import com.openai.models.images.ImagesResponse;
import dev.fluxbridge.providers.Cost;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * What one request came to.
 *
 * @param requestId OpenAI's id; empty if a gateway took it away
 * @param pictures files in base64
 * @param cost tokens, or unknown where the reply does not tell
 */
record OpenAiReply(String requestId, List<String> pictures, Cost cost) {

  /**
   * Reads a success.
   *
   * @param expected how many pictures were asked for
   * @throws dev.fluxbridge.providers.BackendException {@code BAD_REPLY} if it makes no sense
   */
  static OpenAiReply read(
      HttpResponseFor<ImagesResponse> answer, int expected, OpenAiErrors errors) {
    String requestId = answer.requestId().orElse(null);
    try {
      @Nullable ImagesResponse body = answer.parse();
      if (body == null) {
        throw errors.senseless("OpenAI's answer is null", requestId);
      }
      List<String> pictures = new ArrayList<>();
      for (Image image : body.data().orElse(List.of())) {
        pictures.add(image.b64Json().orElseThrow(() -> missing(errors, requestId)));
      }
      if (pictures.size() != expected) {
        throw errors.senseless(
            "OpenAI sent %d pictures where %d were asked for".formatted(pictures.size(), expected),
            requestId);
      }
      return new OpenAiReply(requestId == null ? "" : requestId, pictures, cost(body.usage()));
    } catch (OpenAIInvalidDataException unreadable) {
      throw errors.senseless("OpenAI's answer cannot be read", requestId);
    }
  }

  private static RuntimeException missing(OpenAiErrors errors, @Nullable String requestId) {
    return errors.senseless("OpenAI's answer holds a picture without its bytes", requestId);
  }

  private static Cost cost(Optional<ImagesResponse.Usage> usage) {
    if (usage.isEmpty()) {
      return new Cost.Unknown();
    }
    try {
      ImagesResponse.Usage told = usage.get();
      return new Cost.Tokens(
          told.inputTokens(),
          told._inputTokensDetails().isMissing()
              ? OptionalLong.empty()
              : OptionalLong.of(told.inputTokensDetails().imageTokens()),
          told.outputTokens());
    } catch (OpenAIInvalidDataException half) {
      // what it cost is not worth losing the pictures
      return new Cost.Unknown();
    }
  }
}
