/** The widget's own words, in both languages. */

const TEXTS = {
  zh: {
    title: '账号助手',
    subtitle: '按审核过的资料回答',
    launcher: '打开账号助手',
    launcherClose: '收起账号助手',
    unread: '{n} 条未读消息',
    language: 'Switch to English',
    languageShort: 'English',
    startOver: '重新开始',
    startOverQuestion: '重新开始？当前对话会从这台设备上移除。',
    confirm: '重新开始',
    dismiss: '取消',
    download: '下载对话记录',
    close: '关闭',
    log: '对话',
    composer: '输入你的账号问题',
    send: '发送',
    human: '转人工',
    hint: 'Shift+Enter 换行',
    tooLong: '超出 {n} 个字',
    left: '还可输入 {n} 个字',
    suggestions: '相关问题',
    suggestionCount: '有 {n} 个相关问题，用上下方向键选择',
    you: '你',
    assistant: '账号助手',
    agent: '人工客服',
    typing: '正在输入',
    newMessages: '有新消息',
    notSent: '未发送，联网后自动重发',
    notSentBusy: '未发送，{n} 秒后自动重发',
    refused: '未发送',
    retry: '立即重试',
    offline: '连接中断，正在重新连接。你可以继续输入，恢复后自动发送。',
    busy: '操作太频繁，{n} 秒后自动继续。',
    unavailable: '服务暂时无法响应，正在重试。',
    failed: '请求没有成功，请稍后再试。',
    sources: '来源',
    updated: '更新于',
    feedbackQuestion: '这个回答有帮助吗？',
    feedbackUp: '有帮助',
    feedbackDown: '没有帮助',
    feedbackComment: '哪里不对或缺了什么？（可不填）',
    feedbackSend: '提交',
    feedbackSkip: '不填了',
    feedbackThanks: '谢谢你的反馈。',
    chooseSeveral: '可多选',
    submit: '确定',
    example: '例如 {example}',
    reveal: '显示输入内容',
    conceal: '隐藏输入内容',
    empty: '请先填写。',
    progress: '已完成 {done} / {all}',
    todo: '待办',
    done: '已完成',
    blocked: '受阻',
    not_applicable: '不适用',
    ticket: '工单',
    ticketOpen: '查看工单',
    field_text: '请输入',
    field_email: '邮箱地址',
    field_phone: '手机号',
    field_code: '验证码',
    field_password: '密码',
    field_id_card: '证件号码',
    field_account_id: '账号 ID',
    invalid_email: '邮箱地址不完整，应类似 name@example.com。',
    invalid_phone: '手机号不正确，请检查位数。',
    invalid_code: '验证码一般是 6 位数字。',
    invalid_id_card: '证件号码不正确，请检查位数。',
    invalid_account_id: '账号 ID 只含数字。',
    status_open: '已提交',
    status_in_progress: '处理中',
    status_resolved: '已解决',
    status_closed: '已关闭',
    status_refused: '未通过',
    sayHuman: '转人工',
    saySwitch: '请用中文',
  },
  en: {
    title: 'Account assistant',
    subtitle: 'Reviewed answers only',
    launcher: 'Open the account assistant',
    launcherClose: 'Hide the account assistant',
    unread: '{n} unread',
    language: '切换到中文',
    languageShort: '中文',
    startOver: 'Start over',
    startOverQuestion: 'Start over? This conversation is removed from this device.',
    confirm: 'Start over',
    dismiss: 'Cancel',
    download: 'Download transcript',
    close: 'Close',
    log: 'Conversation',
    composer: 'Ask about your account',
    send: 'Send',
    human: 'Talk to a person',
    hint: 'Shift+Enter: new line',
    tooLong: '{n} characters too many',
    left: '{n} characters left',
    suggestions: 'Related questions',
    suggestionCount: '{n} related questions, use the arrow keys to choose',
    you: 'You',
    assistant: 'Account assistant',
    agent: 'Support agent',
    typing: 'Typing',
    newMessages: 'New messages',
    notSent: 'Not sent; will be sent when you are back online',
    notSentBusy: 'Not sent; trying again in {n} s',
    refused: 'Not sent',
    retry: 'Retry now',
    offline: 'Connection lost, reconnecting. Keep typing; messages are sent as soon as it is back.',
    busy: 'That was a little fast. Continuing in {n} seconds.',
    unavailable: 'The service is not responding at the moment, trying again.',
    failed: 'That did not work. Please try again later.',
    sources: 'Sources',
    updated: 'Updated',
    feedbackQuestion: 'Was this helpful?',
    feedbackUp: 'Helpful',
    feedbackDown: 'Not helpful',
    feedbackComment: 'What was wrong or missing? (optional)',
    feedbackSend: 'Submit',
    feedbackSkip: 'Skip',
    feedbackThanks: 'Thank you for the feedback.',
    chooseSeveral: 'Choose any number',
    submit: 'OK',
    example: 'For example {example}',
    reveal: 'Show what I type',
    conceal: 'Hide what I type',
    empty: 'Please fill this in.',
    progress: '{done} of {all} done',
    todo: 'To do',
    done: 'Done',
    blocked: 'Blocked',
    not_applicable: 'Not applicable',
    ticket: 'Ticket',
    ticketOpen: 'View ticket',
    field_text: 'Your answer',
    field_email: 'Email address',
    field_phone: 'Phone number',
    field_code: 'Verification code',
    field_password: 'Password',
    field_id_card: 'ID number',
    field_account_id: 'Account ID',
    invalid_email: 'That address is incomplete; it should look like name@example.com.',
    invalid_phone: 'That number does not look right; please check its digits.',
    invalid_code: 'A code usually has 6 digits.',
    invalid_id_card: 'That ID number does not look right; please check its length.',
    invalid_account_id: 'An account ID has digits only.',
    status_open: 'Submitted',
    status_in_progress: 'In progress',
    status_resolved: 'Resolved',
    status_closed: 'Closed',
    status_refused: 'Not approved',
    sayHuman: 'human',
    saySwitch: 'English please',
  },
};

/** zh or en for a language tag; null for any other language. */
function supported(tag) {
  const language = (tag ?? '').slice(0, 2).toLowerCase();
  return language in TEXTS ? language : null;
}

/** The language to begin with: what was asked for, the page's, the browser's, English. */
export function chooseLanguage(asked) {
  const wishes = [asked, document.documentElement.lang, ...(navigator.languages ?? [])];
  return wishes.map(supported).find(Boolean) ?? 'en';
}

/** The language of what a person typed, for the lang attribute of its bubble. */
export function languageOf(text) {
  return /[\u3400-\u9fff]/.test(text) ? 'zh' : 'en';
}

/** Texts in the current language, and the elements that show them. */
export class Texts {
  constructor(lang) {
    this.lang = lang;
  }

  /** One text with its {placeholders} filled in; undefined for an unknown key. */
  get(key, values = {}) {
    return TEXTS[this.lang][key]?.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? '');
  }

  /** Write the current language into every element of a tree that names a text. */
  apply(root) {
    for (const node of [root, ...root.querySelectorAll('[data-text], [data-label], [data-placeholder]')]) {
      const { text, label, placeholder, values } = node.dataset ?? {};
      if (text) node.textContent = this.get(text, values && JSON.parse(values)) ?? node.textContent;
      if (label) this.#label(node, this.get(label));
      if (placeholder) node.placeholder = this.get(placeholder);
    }
    return root;
  }

  #label(node, words) {
    node.setAttribute('aria-label', words);
    if (node.tagName === 'BUTTON') node.title = words;
  }
}
